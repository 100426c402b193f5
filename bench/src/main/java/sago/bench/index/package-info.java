/**
 * The chunk index at its full size: inserts, look-ups of absent and of present chunks, memory and files. Imports {@code result} and the
 * sender; one thread, or as many as asked for.
 */
@NullMarked
package sago.bench.index;

import org.jspecify.annotations.NullMarked;
