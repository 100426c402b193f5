/**
 * Sending sealed packs to a site and reading them back: connections, the window, the transmitter, resume, and the clients for
 * restore and audit. May import {@code sender.pack}, {@code sender.keys} and common. Sealing threads hand slices over; event loops
 * write them; one acknowledgement thread per session tells what is durable.
 */
@NullMarked
package sago.sender.upload;

import org.jspecify.annotations.NullMarked;
