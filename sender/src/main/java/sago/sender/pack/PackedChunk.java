package sago.sender.pack;

/** A record of a pack: what its table says of one chunk. */
public record PackedChunk(ChunkId id, ChunkKind kind, ChunkRef ref) {}
