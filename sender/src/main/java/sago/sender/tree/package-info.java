/**
 * The tree of a snapshot: entries in key order, grouped into nodes that are chunks, and the local cache of the last
 * committed tree. May import {@code pack}. Builders, cursors and caches are confined to one thread each; values are immutable.
 */
@NullMarked
package sago.sender.tree;

import org.jspecify.annotations.NullMarked;
