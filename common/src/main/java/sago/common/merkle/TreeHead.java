package sago.common.merkle;

import sago.common.id.Hash;

/** Size, in leaves, and root of a tree as a peer states them; unverified, hence not checked at birth. Immutable. */
public record TreeHead(long size, Hash root) {}
