package sago.receiver.store;

import java.nio.file.Path;
import sago.common.durable.Disk;
import sago.common.limits.Limits;

/**
 * Where and how a site stores.
 *
 * @param folder of the site, exists; its lock is held by the caller
 * @param stateFile the derived database, on the machine's disk
 * @param reserve what is kept free
 * @param journalSegmentBytes size after which a new journal file is begun
 * @param graceMs how long a pack stays that no manifest names: longer than any session
 */
public record StoreSettings(
        Disk disk, Path folder, Path stateFile, SpaceReserve reserve, long journalSegmentBytes, long graceMs) {
    public StoreSettings {
        if (graceMs < 0 || graceMs > Limits.GRACE_MS_MAX) {
            throw new IllegalArgumentException("grace of " + graceMs + " ms");
        }
    }

    /** The usual settings for a site folder. */
    public static StoreSettings of(Path folder) {
        return new StoreSettings(
                Disk.real(),
                folder,
                folder.resolve("state.db"),
                SpaceReserve.DEFAULT,
                Limits.JOURNAL_SEGMENT_BYTES,
                Limits.UNCOMMITTED_KEEP_MS);
    }

    public StoreSettings withGrace(long ms) {
        return new StoreSettings(disk, folder, stateFile, reserve, journalSegmentBytes, ms);
    }
}
