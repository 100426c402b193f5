/** Every step's benchmarks do what they say, and as much as their references. */
@NullMarked
package sago.bench.micro;

import org.jspecify.annotations.NullMarked;
