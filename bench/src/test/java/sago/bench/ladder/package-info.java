/** A ladder counts every byte once, and its sums are what they say. */
@NullMarked
package sago.bench.ladder;

import org.jspecify.annotations.NullMarked;
