/**
 * Whole-system benchmarks: real processes of both ends, of Sago and of rivals, on the same data in the same run. May import {@code data} and
 * {@code result} of the bench, and common; one thread drives, one for each end watches its processes.
 */
@NullMarked
package sago.bench.macro;

import org.jspecify.annotations.NullMarked;
