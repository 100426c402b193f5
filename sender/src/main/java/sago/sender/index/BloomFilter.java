package sago.sender.index;

import java.util.concurrent.atomic.AtomicLongArray;
import sago.sender.pack.ChunkId;

/**
 * Says of most absent chunks that they are absent. A split block filter: an id selects one block of 64 bytes, and in each of its 8 words
 * one bit. Ids are keyed hashes, so their own bits serve. With 16 bits for each id about one absent id in 600 passes.
 *
 * <p>One thread adds, any thread asks.
 */
final class BloomFilter {
    private static final int WORDS_PER_BLOCK = 8;
    private static final int BLOCK_BYTES = WORDS_PER_BLOCK * Long.BYTES;
    private static final int WORD_SELECT_BITS = 6;

    private final AtomicLongArray words;
    private final int blocks;

    BloomFilter(long bytes) {
        if (bytes < BLOCK_BYTES || bytes > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("filter of " + bytes + " bytes");
        }
        blocks = (int) (bytes / BLOCK_BYTES);
        words = new AtomicLongArray(blocks * WORDS_PER_BLOCK);
    }

    void add(ChunkId id) {
        int first = firstWord(id);
        long select = id.b();
        for (int i = 0; i < WORDS_PER_BLOCK; i++) {
            words.setRelease(first + i, words.getPlain(first + i) | 1L << select);
            select >>>= WORD_SELECT_BITS;
        }
    }

    /** False only if the id was never added. */
    boolean mayHold(ChunkId id) {
        int first = firstWord(id);
        long select = id.b();
        for (int i = 0; i < WORDS_PER_BLOCK; i++) {
            if ((words.getAcquire(first + i) & 1L << select) == 0) {
                return false;
            }
            select >>>= WORD_SELECT_BITS;
        }
        return true;
    }

    private int firstWord(ChunkId id) {
        return (int) Long.remainderUnsigned(id.a(), blocks) * WORDS_PER_BLOCK;
    }
}
