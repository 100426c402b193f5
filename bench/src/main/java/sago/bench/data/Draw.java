package sago.bench.data;

/**
 * SplitMix64 (Steele, Lea, Flood 2014): the numbers that all data come from. Its own code rather than the JDK's, so that data stay the same on
 * every version of Java. Confined to one thread.
 */
final class Draw {
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private long state;

    Draw(long seed) {
        this.state = seed;
    }

    /** A stream of its own for one file or block of the data set that has the given seed. */
    static Draw of(long seed, long stream) {
        return new Draw(mix(seed + mix(stream + GOLDEN)));
    }

    long next() {
        state += GOLDEN;
        return mix(state);
    }

    /** Between 0 and bound - 1; the bias of a bound below 2^32 is below 2^-31. */
    int below(int bound) {
        return (int) (((next() >>> 32) * bound) >>> 32);
    }

    /** Between 0, included, and 1. */
    double fraction() {
        return (next() >>> 11) * 0x1.0p-53;
    }

    /**
     * Between 0 and bound - 1, the small ones more often: the chance of a rank falls about as 1/rank, as that of words and of pages of a web site
     * does. Integers only, so that no machine rounds differently.
     */
    int rank(int bound) {
        long bits = next();
        int scale = (int) (((bits >>> 32) * (Integer.SIZE - Integer.numberOfLeadingZeros(bound))) >>> 32);
        int rank = (1 << scale) - 1 + ((int) bits & ((1 << scale) - 1));
        return rank < bound ? rank : rank % bound;
    }

    private static long mix(long value) {
        long z = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
