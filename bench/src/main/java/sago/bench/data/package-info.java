/**
 * Data to measure with: deterministic trees, logs, incompressible bytes and small files, and a deterministic change of one hundredth of a
 * folder. The same seed and size give the same bytes on every machine. Imports nothing of the bench; two threads write, values go to any.
 */
@NullMarked
package sago.bench.data;

import org.jspecify.annotations.NullMarked;
