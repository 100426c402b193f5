/** The bench's command line. May import every package of the bench, and common; one thread. */
@NullMarked
package sago.bench;

import org.jspecify.annotations.NullMarked;
