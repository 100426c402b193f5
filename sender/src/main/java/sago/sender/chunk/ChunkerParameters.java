package sago.sender.chunk;

import sago.common.limits.Limits;

/**
 * Bounds of chunk lengths. A chunk shorter than the minimum is only the last of its file or region.
 *
 * @param minBytes no cut before
 * @param avgBytes a power of two: the mask is strict before it and loose after it, which gathers lengths around it
 * @param maxBytes cut here at the latest
 */
public record ChunkerParameters(int minBytes, int avgBytes, int maxBytes) {
    /** What senders use. */
    public static final ChunkerParameters DEFAULT = new ChunkerParameters(256 << 10, 1 << 20, 4 << 20);

    private static final int AVG_BYTES_MIN = 64;

    public ChunkerParameters {
        if (minBytes < 1 || minBytes >= avgBytes || avgBytes >= maxBytes || maxBytes > Limits.CHUNK_BYTES_MAX) {
            throw new IllegalArgumentException("chunk bytes: " + minBytes + ", " + avgBytes + ", " + maxBytes);
        }
        if (avgBytes < AVG_BYTES_MIN || Integer.bitCount(avgBytes) != 1) {
            throw new IllegalArgumentException("average chunk bytes: " + avgBytes);
        }
    }
}
