package sago.sender.chunk;

/**
 * Chunks of one length. For images of disks, which change in place and never shift: a chunk then holds whole blocks of the file system in
 * them, and what changed is found by content.
 */
public record FixedChunker(int maxBytes) implements Chunker {
    /** Of images: as long as chunks are on average, so that as many of them fill a pack. */
    public static final FixedChunker IMAGE = new FixedChunker(1 << 20);

    @Override
    public int cut(byte[] bytes, int offset, int length) {
        return Math.min(length, maxBytes);
    }
}
