/**
 * What is backed up: roots, the walk over them in key order, and opening files to read. May import {@code tree}, {@code pattern} and {@code
 * source.posix}. A walker is confined to one thread; files are opened by any worker.
 */
@NullMarked
package sago.sender.source;

import org.jspecify.annotations.NullMarked;
