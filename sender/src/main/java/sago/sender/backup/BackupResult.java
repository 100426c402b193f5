package sago.sender.backup;

import com.google.protobuf.ByteString;
import sago.sender.catalog.Snapshot;

/**
 * A committed backup.
 *
 * @param receipt the site's signed promise for this snapshot
 * @param packs that this session stored
 * @param progress the counters at the end
 * @param vanished files that were gone when their turn came
 */
public record BackupResult(Snapshot snapshot, ByteString receipt, int packs, BackupProgress progress, long vanished) {
    /** Entries that could not be read: if any, the command ends with SOURCE_UNREADABLE. */
    public long unreadable() {
        return snapshot.body().getUnreadable();
    }
}
