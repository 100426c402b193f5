/**
 * Receipts: what the site signs about what it holds. May import common and receiver.store. The journal's thread notes packs, one thread of
 * its own signs them in groups, store threads sign for commits.
 */
@NullMarked
package sago.receiver.acknowledge;

import org.jspecify.annotations.NullMarked;
