/** Tests of measurements of links. */
@NullMarked
package sago.bench.link;

import org.jspecify.annotations.NullMarked;
