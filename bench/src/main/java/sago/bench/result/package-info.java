/**
 * Results of benchmarks: one file each, with the machine, the versions, the data, the settings and the raw samples, so that a figure can be
 * judged and measured again. Imports nothing of the bench; values and files, any thread.
 */
@NullMarked
package sago.bench.result;

import org.jspecify.annotations.NullMarked;
