package sago.sender.backup;

import com.google.protobuf.ByteString;
import sago.sender.catalog.Snapshot;

/**
 * A committed backup.
 *
 * @param receipt the site's signed promise for this snapshot
 * @param packs that this session stored
 * @param progress the counters at the end
 * @param outcome what was found of the source
 */
public record BackupResult(
        Snapshot snapshot, ByteString receipt, int packs, BackupProgress progress, BackupOutcome outcome) {
    /** Entries of the snapshot that are not as they should be: if any, the command ends with SOURCE_UNREADABLE. */
    public long troubles() {
        return snapshot.body().getUnreadable();
    }
}
