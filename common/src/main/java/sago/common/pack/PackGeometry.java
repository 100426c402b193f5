package sago.common.pack;

import sago.common.limits.Limits;

/**
 * Sizes of packs. The file of a pack is the 4096-byte header followed by segments of {@code segmentBytes} (encrypted),
 * the last of which is 4096 bytes shorter, so that the file is exactly its size class and a whole number of slices:
 *
 * <pre>
 * offset   0        4096                      4096+S                    ...                     F
 *          | header | segment 0 (S)           | segment 1 (S)           | ... | last (S - 4096) |
 *          | slice 0 (S)             | slice 1 (S)            | ...                             |
 * </pre>
 *
 * Slice i is the file's bytes [i*S, (i+1)*S). It is complete once segment i is sealed, and is the unit of wire framing,
 * credit and resume; its start is a multiple of S, so it is one complete subtree of the Merkle tree when S is 4096 times a
 * power of two. A pack smaller than S is one slice and one segment.
 *
 * @param segmentBytes encrypted length S of a segment: a power of two
 * @param packBytes size class of a full pack: a power of two, at least S
 */
public record PackGeometry(int segmentBytes, int packBytes) {
    /** Bytes of the public header, and of a Merkle leaf. */
    public static final int HEADER_BYTES = 4096;

    /** What FLOE adds to each segment: marker or length 4, IV 12, tag 16. */
    public static final int SEGMENT_OVERHEAD_BYTES = 32;

    /** The geometry that senders use. */
    public static final PackGeometry DEFAULT = new PackGeometry(Limits.SEGMENT_BYTES, Limits.PACK_BYTES);

    public PackGeometry {
        if (!isPowerOfTwo(segmentBytes)
                || segmentBytes < Limits.SEGMENT_BYTES_MIN
                || segmentBytes > Limits.SEGMENT_BYTES_MAX) {
            throw new IllegalArgumentException("segment bytes: " + segmentBytes);
        }
        if (!isPowerOfTwo(packBytes) || packBytes < segmentBytes || packBytes > Limits.PACK_BYTES_MAX) {
            throw new IllegalArgumentException("pack bytes: " + packBytes);
        }
    }

    /** Whether a pack of this geometry may have this length: a power of two within the class of a full pack. */
    public boolean allowsLength(long length) {
        return length >= Math.min(Limits.PACK_BYTES_MIN, packBytes)
                && length <= packBytes
                && Long.bitCount(length) == 1;
    }

    /** Segments, and slices, of a pack of this length. */
    public int segments(int length) {
        return Math.max(1, length / segmentBytes);
    }

    /** Offset of a segment in the file. */
    public int segmentOffset(int segment) {
        return HEADER_BYTES + segment * segmentBytes;
    }

    /** Encrypted bytes of a segment of a pack of this length. */
    public int segmentLength(int segment, int length) {
        return Math.min(segmentBytes, length - segmentOffset(segment));
    }

    /** Plaintext bytes of a full segment. */
    public int segmentPlainBytes() {
        return segmentBytes - SEGMENT_OVERHEAD_BYTES;
    }

    /** Plaintext bytes of a whole pack of this length. */
    public int plainBytes(int length) {
        return length - HEADER_BYTES - segments(length) * SEGMENT_OVERHEAD_BYTES;
    }

    /** Bytes of a slice of a pack of this length. */
    public int sliceLength(int length) {
        return Math.min(segmentBytes, length);
    }

    /** The smallest length whose plaintext capacity is at least this, at most the full pack's. */
    public int lengthFor(int plainBytes) {
        int length = Math.min(Limits.PACK_BYTES_MIN, packBytes);
        while (plainBytes(length) < plainBytes) {
            if (length >= packBytes) {
                throw new IllegalArgumentException("more than a pack holds: " + plainBytes);
            }
            length <<= 1;
        }
        return length;
    }

    private static boolean isPowerOfTwo(int value) {
        return value > 0 && Integer.bitCount(value) == 1;
    }
}
