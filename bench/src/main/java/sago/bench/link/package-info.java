/**
 * What a link carries, measured over the sockets, TLS and frames of the product, and a relay that slows a link down. May import result, common, and
 * addresses of the sender; event loops carry the load, two or four threads each connection of a relay.
 */
@NullMarked
package sago.bench.link;

import org.jspecify.annotations.NullMarked;
