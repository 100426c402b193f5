/**
 * Whole-system benchmarks: real processes of both ends, of Sago and of rivals, on the same data in the same run. May import common;
 * one thread drives, one samples /proc.
 */
@NullMarked
package sago.bench.macro;

import org.jspecify.annotations.NullMarked;
