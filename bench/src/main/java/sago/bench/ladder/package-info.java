/**
 * What each step of a backup costs alone, their sum, and what the whole system costs for the same data. Steps are measured in this process, one after
 * another on one thread, by CPU time; the whole system as processes. May import everything of the product and {@code result} and {@code data}.
 */
@NullMarked
package sago.bench.ladder;

import org.jspecify.annotations.NullMarked;
