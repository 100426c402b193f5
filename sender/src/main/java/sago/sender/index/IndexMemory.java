package sago.sender.index;

/**
 * Memory of an index.
 *
 * @param filterBytes Bloom filter: 2 bytes for each chunk keep nearly all look-ups of new chunks in memory
 * @param pageCacheBytes page cache of each connection: one writer, and one reader for each worker
 */
public record IndexMemory(long filterBytes, long pageCacheBytes) {
    public static final IndexMemory DEFAULT = new IndexMemory(16 << 20, 8 << 20);
}
