package sago.receiver.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import sago.common.fault.FaultException;
import sago.common.id.DatasetId;
import sago.common.id.Hash;
import sago.receiver.journal.JournalPosition;

/**
 * A commit in the database. Immutable.
 *
 * @param damaged its file was damaged when the database was made
 * @param expiredMs wall clock of the order that expired it, 0 while it counts
 */
record ManifestRow(CommittedManifest commit, Hash fileSha256, boolean damaged, long expiredMs) {
    static ManifestRow of(StateRow row) throws FaultException {
        return new ManifestRow(
                new CommittedManifest(
                        row.vault(1),
                        row.dataset(2),
                        row.number(3),
                        row.hash(4),
                        new JournalPosition(row.number(6), row.hash(7)),
                        row.number(8),
                        row.number(10) != 0),
                row.hash(5),
                row.number(9) != 0,
                row.number(10));
    }

    void put(SqlConnection connection) throws IOException {
        StateRow.put(
                connection,
                StateTable.MANIFESTS,
                number(commit.dataset(), commit.sequence()),
                commit.vault().toBytes(),
                commit.dataset().toBytes(),
                commit.sequence(),
                commit.manifest().toBytes(),
                fileSha256.toBytes(),
                commit.position().sequence(),
                commit.position().chain().toBytes(),
                commit.timeMs(),
                damaged ? 1 : 0,
                expiredMs);
    }

    /** @param recordMs wall clock of the order */
    ManifestRow withExpired(long recordMs) {
        CommittedManifest expired = new CommittedManifest(
                commit.vault(),
                commit.dataset(),
                commit.sequence(),
                commit.manifest(),
                commit.position(),
                commit.timeMs(),
                true);
        return new ManifestRow(expired, fileSha256, damaged, Math.max(1, recordMs));
    }

    /** Key of a manifest: sorts by dataset, then sequence. */
    static byte[] number(DatasetId dataset, long sequence) {
        ByteBuffer bytes = ByteBuffer.allocate(DatasetId.BYTES + Long.BYTES);
        dataset.write(bytes);
        return bytes.putLong(sequence).array();
    }
}
