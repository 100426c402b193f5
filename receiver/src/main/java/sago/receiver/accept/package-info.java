/**
 * Connections from outside: handshake, roles, sessions and their leases, credit, uploads. May import common, journal, store, acknowledge and serve. Event
 * loops parse and never touch a disk; store threads do everything else.
 */
@NullMarked
package sago.receiver.accept;

import org.jspecify.annotations.NullMarked;
