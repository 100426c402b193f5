package sago.sender.chunk;

/**
 * Finds where a chunk ends: FastCDC (Xia et al., 2020) with normalised chunking of level 2 and two bytes per step. The gear hash
 * of a position is the sum of the last 64 bytes' words, each shifted by its distance; a chunk ends after a byte whose hash
 * has zeros at all bits of the mask. The mask is 2 bits stricter than the average before it and 2 bits looser behind it.
 *
 * <p>The step over an even byte works on the hash shifted left by one, so that one shift serves two bytes: its table and masks
 * are shifted too, for which bit 63 must stay out of every mask. Immutable; any thread.
 */
public final class FastCdc implements Chunker {
    private static final int NORMALISATION = 2;
    private static final int TOP_BIT = 62;

    private final int minBytes;
    private final int avgBytes;
    private final int maxBytes;
    private final long strictMask;
    private final long looseMask;
    private final long[] gear;
    private final long[] gearShifted;

    public FastCdc(GearTable table, ChunkerParameters parameters) {
        minBytes = parameters.minBytes();
        avgBytes = parameters.avgBytes();
        maxBytes = parameters.maxBytes();
        int bits = Integer.numberOfTrailingZeros(avgBytes);
        strictMask = mask(bits + NORMALISATION);
        looseMask = mask(bits - NORMALISATION);
        gear = table.shifted(0);
        gearShifted = table.shifted(1);
    }

    /** The highest bits depend on the most bytes: the mask is the run of ones that ends at bit 62. */
    private static long mask(int bits) {
        return ((1L << bits) - 1) << (TOP_BIT + 1 - bits);
    }

    @Override
    public int maxBytes() {
        return maxBytes;
    }

    @Override
    public int cut(byte[] bytes, int offset, int length) {
        if (length <= minBytes) {
            return length;
        }
        int end = offset + Math.min(length, maxBytes);
        int normal = Math.min(offset + avgBytes, end);
        int begin = offset + minBytes;
        int at = scan(bytes, begin, normal, 0, strictMask);
        if (at >= 0 && normal < end) {
            at = scan(bytes, normal, end, hashUpTo(bytes, begin, normal), looseMask);
        }
        return Math.abs(at) - offset;
    }

    /** Minus the position behind the byte that ends the chunk; {@code to} where none does. */
    private int scan(byte[] bytes, int from, int to, long hashBefore, long mask) {
        long[] odd = gear;
        long[] even = gearShifted;
        long maskShifted = mask << 1;
        long hash = hashBefore;
        int at = from;
        for (int pairs = to - 1; at < pairs; at += 2) {
            hash = (hash << 2) + even[bytes[at] & 0xff];
            if ((hash & maskShifted) == 0) {
                return -(at + 1);
            }
            hash += odd[bytes[at + 1] & 0xff];
            if ((hash & mask) == 0) {
                return -(at + 2);
            }
        }
        if (at < to) {
            hash = (hash << 1) + odd[bytes[at] & 0xff];
            if ((hash & mask) == 0) {
                return -(at + 1);
            }
        }
        return to;
    }

    /** The hash at {@code to}: only the last 64 bytes count, so it is found again rather than handed on. */
    private long hashUpTo(byte[] bytes, int from, int to) {
        long hash = 0;
        for (int at = Math.max(from, to - Long.SIZE); at < to; at++) {
            hash = (hash << 1) + gear[bytes[at] & 0xff];
        }
        return hash;
    }
}
