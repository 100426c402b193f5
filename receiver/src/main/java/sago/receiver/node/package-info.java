/** Wires one site: folder, identity, store, listener, metrics. May import all of the receiver but cli; opening and closing is for one thread. */
@NullMarked
package sago.receiver.node;

import org.jspecify.annotations.NullMarked;
