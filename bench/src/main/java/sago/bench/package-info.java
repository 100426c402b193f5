/** The bench's command line. May import sago.bench.link, sago.bench.macro and common; one thread. */
@NullMarked
package sago.bench;

import org.jspecify.annotations.NullMarked;
