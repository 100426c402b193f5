package sago.sender.restore;

import sago.sender.pack.ChunkRef;

/**
 * Which stored data to read: all of it, or so many percent, chosen by a seed. The choice falls on whole MiB of packs and not on chunks,
 * because chunks are fetched with all that shares their segment. Immutable.
 *
 * @param percent 1 to 100
 * @param seed the same seed chooses the same data
 */
public record DataSample(int percent, long seed) {
    private static final int ALL = 100;
    private static final int REGION_SHIFT = 20;

    public DataSample {
        if (percent < 1 || percent > ALL) {
            throw new IllegalArgumentException("percent: " + percent);
        }
    }

    /** Everything. */
    public static DataSample all() {
        return new DataSample(ALL, 0);
    }

    boolean holds(ChunkRef ref) {
        if (percent == ALL) {
            return true;
        }
        long region = ref.pack().high() ^ Long.rotateLeft(ref.pack().low(), 32) ^ (ref.offset() >>> REGION_SHIFT);
        return Long.remainderUnsigned(mix(region ^ mix(seed)), ALL) < percent;
    }

    /** The finalizer of SplitMix64: every bit of the input changes every bit of the output. */
    private static long mix(long value) {
        long z = value + 0x9e3779b97f4a7c15L;
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}
