/** Tests of the metrics endpoint. */
@NullMarked
package sago.common.metrics;

import org.jspecify.annotations.NullMarked;
