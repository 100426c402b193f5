/**
 * JMH: each step of the data path beside the best that is known for it, a file per step. May import everything of the product. Benchmarks run in
 * processes of their own, one after another, with the JVM flags of a sender; within one, a benchmark has one thread unless its step says otherwise.
 */
@NullMarked
package sago.bench.micro;

import org.jspecify.annotations.NullMarked;
