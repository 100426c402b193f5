/** Links between two nodes on one machine: a relay with a rate. May import common; two threads for each connection. */
@NullMarked
package sago.bench.link;

import org.jspecify.annotations.NullMarked;
