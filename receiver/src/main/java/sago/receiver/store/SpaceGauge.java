package sago.receiver.store;

import java.io.IOException;
import java.nio.file.Path;
import sago.common.durable.Disk;
import sago.common.fault.FaultException;
import sago.common.protocol.SiteCondition;

/**
 * Whether the site has room. What open packs have still to receive counts as taken, because their files grow as they are written.
 * Full is said at the reserve, and room again only once a full pack more than the reserve is free, so that the state does not flutter.
 * Thread-safe.
 */
public final class SpaceGauge {
    /**
     * The state of the disk now.
     *
     * @param freeBytes that may still be stored before the reserve
     */
    public record Reading(SiteCondition condition, long freeBytes) {}

    private final Disk disk;
    private final Path folder;
    private final SpaceReserve reserve;
    private long promisedBytes;
    private long largestPackBytes;
    private boolean full;

    SpaceGauge(Disk disk, Path folder, SpaceReserve reserve) {
        this.disk = disk;
        this.folder = folder;
        this.reserve = reserve;
    }

    /** Asks the disk. */
    public synchronized Reading read() throws FaultException {
        try {
            long free = disk.usableBytes(folder) - reserve.bytes(disk.totalBytes(folder)) - promisedBytes;
            full = full ? free < Math.max(1, largestPackBytes) : free <= 0;
            return new Reading(full ? SiteCondition.FULL : SiteCondition.OK, Math.max(0, free));
        } catch (IOException e) {
            throw StoreFaults.of(e, "ask for free space of " + folder);
        }
    }

    synchronized void opened(int packBytes) {
        promisedBytes += packBytes;
        largestPackBytes = Math.max(largestPackBytes, packBytes);
    }

    /** Bytes of an open pack that were written, or will never come. */
    synchronized void settled(long bytes) {
        promisedBytes -= bytes;
    }
}
