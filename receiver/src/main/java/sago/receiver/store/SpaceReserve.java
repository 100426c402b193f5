package sago.receiver.store;

import sago.common.limits.Limits;

/**
 * Room that a site keeps for its journal, manifests and database: a share of the disk between two bounds.
 *
 * @param permille share of the whole disk
 * @param bytesMin at least this
 * @param bytesMax at most this: on a large disk a share would be more than all that ever needs
 */
public record SpaceReserve(int permille, long bytesMin, long bytesMax) {
    /** Two per cent, at least two packs, at most 16 GiB. */
    public static final SpaceReserve DEFAULT = new SpaceReserve(20, 2L * Limits.PACK_BYTES, 16L << 30);

    public SpaceReserve {
        if (permille < 0 || permille >= 1000 || bytesMin < 0 || bytesMax < bytesMin) {
            throw new IllegalArgumentException("reserve: " + permille + " permille, " + bytesMin + " to " + bytesMax);
        }
    }

    long bytes(long diskBytes) {
        return Math.max(bytesMin, Math.min(bytesMax, diskBytes / 1000 * permille));
    }
}
