/**
 * TLS identities and contexts, and the transports under them. May import fault, id, time, limits, protocol; contexts and identities are
 * immutable, transports own event-loop threads.
 */
@NullMarked
package sago.common.net;

import org.jspecify.annotations.NullMarked;
