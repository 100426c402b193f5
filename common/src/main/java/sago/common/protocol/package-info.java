/**
 * Frames and control messages between clients and sites: types, bounds, codec (docs/PROTOCOL.md). May import fault, id, limits and
 * the generated messages; the codec is event-loop confined, everything else is immutable.
 */
@NullMarked
package sago.common.protocol;

import org.jspecify.annotations.NullMarked;
