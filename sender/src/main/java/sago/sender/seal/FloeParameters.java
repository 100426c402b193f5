package sago.sender.seal;

import java.nio.ByteBuffer;

/**
 * Parameters of FLOE-GCM256 (c2sp.org/FLOE). Their encoding begins the header and enters every derived key:
 *
 * <pre>
 *  0  1  AEAD, 0: AES-256-GCM
 *  1  1  KDF, 0: HKDF-Expand-SHA-384
 *  2  4  encrypted segment length
 *  6  4  length of the FLOE IV, 32
 * </pre>
 *
 * @param segmentBytes encrypted length of every segment but the last, at most which that one has
 * @param rotationBits a segment key serves 2^this segments; 20 but in tests
 */
record FloeParameters(int segmentBytes, int rotationBits) {
    static final int BYTES = 10;
    static final int IV_BYTES = 32;
    static final int TAG_BYTES = 32;
    static final int HEADER_BYTES = BYTES + IV_BYTES + TAG_BYTES;

    /** Marker or length, IV, tag. */
    static final int SEGMENT_OVERHEAD_BYTES = Integer.BYTES + Aead.IV_BYTES + Aead.TAG_BYTES;

    /** First field of every segment but the last, which has its own encrypted length there. */
    static final int MARKER = -1;

    /** A message has fewer segments than this. */
    static final long SEGMENTS_MAX = 1L << 40;

    private static final int ROTATION_BITS = 20;
    private static final byte AES_256_GCM = 0;
    private static final byte HKDF_EXPAND_SHA_384 = 0;

    FloeParameters {
        if (segmentBytes <= SEGMENT_OVERHEAD_BYTES) {
            throw new IllegalArgumentException("segment bytes: " + segmentBytes);
        }
        if (rotationBits < 0 || rotationBits > 40) {
            throw new IllegalArgumentException("rotation bits: " + rotationBits);
        }
    }

    static FloeParameters of(int segmentBytes) {
        return new FloeParameters(segmentBytes, ROTATION_BITS);
    }

    byte[] encode() {
        return ByteBuffer.allocate(BYTES)
                .put(AES_256_GCM)
                .put(HKDF_EXPAND_SHA_384)
                .putInt(segmentBytes)
                .putInt(IV_BYTES)
                .array();
    }

    /** Plaintext bytes of every segment but the last. */
    int plainBytes() {
        return segmentBytes - SEGMENT_OVERHEAD_BYTES;
    }
}
