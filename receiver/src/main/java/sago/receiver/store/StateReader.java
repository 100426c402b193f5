package sago.receiver.store;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import sago.common.id.DatasetId;
import sago.common.id.Hash;
import sago.common.id.PackId;
import sago.common.id.SessionId;
import sago.common.pack.PackGeometry;
import sago.receiver.journal.JournalPosition;

/** Questions to the database. Thread-safe by its connection. */
final class StateReader implements AutoCloseable {
    private static final byte[] NO_PACK = new byte[0];

    private final SqlConnection connection;

    StateReader(SqlConnection connection) {
        this.connection = connection;
    }

    private <T> List<T> all(StateTable table, String condition, Decoder<T> decoder, Object... values)
            throws IOException {
        return connection.all(table.select() + condition, row -> decoder.decode(StateRow.read(table, row)), values);
    }

    /** Makes a value of a checked row. */
    private interface Decoder<T> {
        T decode(StateRow row) throws IOException;
    }

    private <T> Optional<T> one(StateTable table, String condition, Decoder<T> decoder, Object... values)
            throws IOException {
        return all(table, condition, decoder, values).stream().findFirst();
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

    /** Packs of a dataset that manifests name, ascending. */
    List<PackRow> committedPacks(DatasetId dataset, Optional<PackId> after, int max) throws IOException {
        return all(
                StateTable.PACKS,
                "WHERE dataset = ? AND state > 0 AND id > ? ORDER BY id LIMIT ?",
                PackRow::of,
                dataset.toBytes(),
                after.map(PackId::toBytes).orElse(NO_PACK),
                max);
    }

    /** Packs of a dataset's newest manifest whose files were gone when the site started. */
    List<PackRow> lostMembers(DatasetId dataset, int max) throws IOException {
        return all(
                StateTable.PACKS,
                "WHERE dataset = ? AND lost > 0 AND state = ? ORDER BY id LIMIT ?",
                PackRow::of,
                dataset.toBytes(),
                PackRow.State.MEMBER.id(),
                max);
    }

    Optional<OpenedSession> session(SessionId session) throws IOException {
        return one(
                StateTable.SESSIONS,
                "WHERE session = ?",
                row -> new OpenedSession(
                        row.vault(1),
                        row.dataset(2),
                        row.session(0),
                        new PackGeometry((int) row.number(6), (int) row.number(7)),
                        row.hash(3)),
                (Object) session.toBytes());
    }

    /** The dataset of a session header and the header's bytes. */
    record Header(DatasetId dataset, ByteString bytes) {}

    Optional<Header> header(Hash sha256) throws IOException {
        return one(
                StateTable.SESSIONS,
                "WHERE header_sha256 = ? LIMIT 1",
                row -> new Header(row.dataset(2), row.string(4)),
                (Object) sha256.toBytes());
    }

    /** The highest sequence of a dataset grant that opened a session, 0 if none did. */
    long grantSequence(DatasetId dataset) throws IOException {
        return one(
                        StateTable.SESSIONS,
                        "WHERE dataset = ? ORDER BY grant_sequence DESC LIMIT 1",
                        row -> row.number(5),
                        (Object) dataset.toBytes())
                .orElse(0L);
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

    /** Manifests by dataset and sequence, of one dataset or of all. */
    List<ManifestRow> manifests(Optional<DatasetId> dataset, long fromSequence, int max) throws IOException {
        return dataset.isPresent()
                ? all(
                        StateTable.MANIFESTS,
                        "WHERE number >= ? AND number <= ? ORDER BY number LIMIT ?",
                        ManifestRow::of,
                        ManifestRow.number(dataset.get(), fromSequence),
                        ManifestRow.number(dataset.get(), Long.MAX_VALUE),
                        max)
                : all(
                        StateTable.MANIFESTS,
                        "WHERE sequence >= ? ORDER BY number LIMIT ?",
                        ManifestRow::of,
                        fromSequence,
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
