/** Every meter's name, and the Prometheus endpoint. May import fault; thread-safe, the endpoint has one thread of its own. */
@NullMarked
package sago.common.metrics;

import org.jspecify.annotations.NullMarked;
