package sago.receiver.store;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import sago.common.id.DatasetId;
import sago.common.id.Hash;
import sago.common.id.PackId;
import sago.common.id.SessionId;
import sago.common.id.VaultId;
import sago.receiver.journal.JournalPosition;

/** Questions to the database. Thread-safe by its connection. */
final class StateReader implements AutoCloseable {
    private static final byte[] NO_BYTES = new byte[0];

    private final SqlConnection connection;

    StateReader(SqlConnection connection) {
        this.connection = connection;
    }

    <T> List<T> all(StateTable table, String condition, Decoder<T> decoder, Object... values) throws IOException {
        return connection.all(table.select() + condition, row -> decoder.decode(StateRow.read(table, row)), values);
    }

    /** Makes a value of a checked row. */
    interface Decoder<T> {
        T decode(StateRow row) throws IOException;
    }

    <T> Optional<T> one(StateTable table, String condition, Decoder<T> decoder, Object... values) throws IOException {
        return all(table, condition, decoder, values).stream().findFirst();
    }

    /** One number that is no column and so has no checksum, 0 where there is none: counts, and times that hurt nobody if they are wrong. */
    long number(String sql, Object... values) throws IOException {
        return connection.one(sql, row -> row.getLong(1), values).orElse(0L);
    }

    JournalPosition applied() throws IOException {
        return one(StateTable.APPLIED, "", row -> new JournalPosition(row.number(1), row.hash(2)))
                .orElseThrow(StateRow::damaged);
    }

    Optional<PackRow> pack(PackId id) throws IOException {
        return one(StateTable.PACKS, "WHERE id = ?", PackRow::of, (Object) id.toBytes());
    }

    /** Packs whose id begins with this byte. */
    List<PackRow> packsWithFirstByte(int first) throws IOException {
        byte[] from = {(byte) first};
        String condition = "WHERE id >= ?";
        return first == 0xff
                ? all(StateTable.PACKS, condition, PackRow::of, (Object) from)
                : all(StateTable.PACKS, condition + " AND id < ?", PackRow::of, from, new byte[] {(byte) (first + 1)});
    }

    /** Packs of a dataset that manifests name that count, ascending. */
    List<PackRow> committedPacks(DatasetId dataset, Optional<PackId> after, int max) throws IOException {
        return all(
                StateTable.PACKS,
                "WHERE dataset = ? AND added > 0 AND unnamed_ms = 0 AND id > ? ORDER BY id LIMIT ?",
                PackRow::of,
                dataset.toBytes(),
                after.map(PackId::toBytes).orElse(NO_BYTES),
                max);
    }

    /** Packs of a dataset's newest manifest whose files were gone when the site started. */
    List<PackRow> lostMembers(DatasetId dataset, int max) throws IOException {
        return all(
                StateTable.PACKS,
                "WHERE dataset = ? AND lost > 0 AND added > 0 AND dropped = 0 ORDER BY id LIMIT ?",
                PackRow::of,
                dataset.toBytes(),
                max);
    }

    /** What retention asks, over the same connection. */
    RetentionReader retention() {
        return new RetentionReader(this);
    }

    Optional<SessionRow> session(SessionId session) throws IOException {
        return one(StateTable.SESSIONS, "WHERE session = ?", SessionRow::of, (Object) session.toBytes());
    }

    /** The session whose first header has this hash. */
    Optional<SessionRow> sessionOfHeader(Hash first) throws IOException {
        return one(StateTable.SESSIONS, "WHERE header_sha256 = ? LIMIT 1", SessionRow::of, (Object) first.toBytes());
    }

    /** All sessions by id, from the beginning or behind one. */
    List<SessionRow> sessions(Optional<SessionId> after, int max) throws IOException {
        return all(
                StateTable.SESSIONS,
                "WHERE session > ? ORDER BY session LIMIT ?",
                SessionRow::of,
                after.map(SessionId::toBytes).orElse(NO_BYTES),
                max);
    }

    /** Sessions of a dataset whose newest header is of an epoch below this one, by the hash of the first. */
    List<SessionRow> sessionsBelow(DatasetId dataset, int keyEpoch, Optional<Hash> after, int max) throws IOException {
        return all(
                StateTable.SESSIONS,
                "WHERE dataset = ? AND header_sha256 > ? AND key_epoch < ? ORDER BY header_sha256 LIMIT ?",
                SessionRow::of,
                dataset.toBytes(),
                after.map(Hash::toBytes).orElse(NO_BYTES),
                keyEpoch,
                max);
    }

    /** The highest sequence of a dataset grant that was shown or opened a session, 0 if none did. */
    long grantSequence(DatasetId dataset) throws IOException {
        return one(StateTable.GRANTS, "WHERE dataset = ?", row -> row.number(1), (Object) dataset.toBytes())
                .orElse(0L);
    }

    /** Session headers of the dataset of epochs below this one are gone, or go; 0 if none are. */
    int retiredBelow(DatasetId dataset) throws IOException {
        return one(StateTable.RETIRED, "WHERE dataset = ?", row -> (int) row.number(1), (Object) dataset.toBytes())
                .orElse(0);
    }

    /** The last order of a vault. */
    Optional<FollowedOrder> lastOrder(VaultId vault) throws IOException {
        return one(StateTable.ORDERS, "WHERE vault = ?", OrderRow::of, (Object) vault.toBytes())
                .map(OrderRow::order);
    }

    Optional<ManifestRow> manifest(DatasetId dataset, long sequence) throws IOException {
        return one(StateTable.MANIFESTS, "WHERE number = ?", ManifestRow::of, (Object)
                ManifestRow.number(dataset, sequence));
    }

    Optional<ManifestRow> newestManifest(DatasetId dataset) throws IOException {
        return one(
                StateTable.MANIFESTS,
                "WHERE number >= ? AND number <= ? ORDER BY number DESC LIMIT 1",
                ManifestRow::of,
                ManifestRow.number(dataset, 0),
                ManifestRow.number(dataset, Long.MAX_VALUE));
    }

    /** Manifests of a dataset by sequence. */
    List<ManifestRow> manifests(DatasetId dataset, long fromSequence, int max) throws IOException {
        return all(
                StateTable.MANIFESTS,
                "WHERE number >= ? AND number <= ? ORDER BY number LIMIT ?",
                ManifestRow::of,
                ManifestRow.number(dataset, fromSequence),
                ManifestRow.number(dataset, Long.MAX_VALUE),
                max);
    }

    /** Manifests of every dataset by dataset and sequence, from this one on; dataset ids sort as unsigned bytes. */
    List<ManifestRow> manifestsFrom(DatasetId dataset, long fromSequence, int max) throws IOException {
        return all(
                StateTable.MANIFESTS,
                "WHERE number >= ? ORDER BY number LIMIT ?",
                ManifestRow::of,
                ManifestRow.number(dataset, fromSequence),
                max);
    }

    boolean hasDamagedManifest(DatasetId dataset) throws IOException {
        return one(
                        StateTable.MANIFESTS,
                        "WHERE number >= ? AND number <= ? AND damaged > 0 LIMIT 1",
                        ManifestRow::of,
                        ManifestRow.number(dataset, 0),
                        ManifestRow.number(dataset, Long.MAX_VALUE))
                .isPresent();
    }

    /** The newest keyring, 0 if there is none. */
    long keyringCounter() throws IOException {
        return one(StateTable.KEYRINGS, "ORDER BY counter DESC LIMIT 1", row -> row.number(0))
                .orElse(0L);
    }

    /** Hash of a keyring's file. */
    Optional<Hash> keyring(long counter) throws IOException {
        return one(StateTable.KEYRINGS, "WHERE counter = ?", row -> row.hash(1), counter);
    }

    Optional<ByteString> siteGrant() throws IOException {
        return one(StateTable.SITE_GRANT, "", row -> row.string(1));
    }

    @Override
    public void close() throws IOException {
        connection.close();
    }
}
