package sago.receiver.store;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sago.common.durable.Disk;
import sago.common.durable.DurableFiles;
import sago.receiver.journal.JournalPosition;
import sago.receiver.journal.JournalRecord;

/**
 * The database {@code state.db}: what the journal says, in a form that can be asked without holding it in memory. It is derived and never
 * the only place of anything. It says how far the journal was applied and with which chain hash, in the same transaction as what was applied.
 *
 * <ul>
 *   <li>Behind the journal (a crash after the force): what follows is applied at the next start. SQLite's write-ahead log with {@code
 *       synchronous=NORMAL} loses its newest transactions at a power loss, never its consistency.
 *   <li>Ahead of the journal: a record is applied only after it was forced, so then the journal has lost what was promised, or is another
 *       one. That is a fault of the journal, whose recovery takes {@link #applied} as a witness; the database is not made anew
 *       silently, because it is the evidence.
 *   <li>Missing, of another version, or structurally damaged: deleted and made anew from the whole journal. A damaged row is met by its
 *       checksum when it is read.
 * </ul>
 *
 * <p>One thread applies: that which opens the store, then the journal's. Readers have their own connection, {@link #reader}.
 */
final class StateDb implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StateDb.class);

    private final SqlConnection writer;
    private final StateReader reader;
    private final StateChanges changes;
    private JournalPosition applied;

    private StateDb(SqlConnection writer, SqlConnection reader, ManifestFiles manifests) throws IOException {
        this.writer = writer;
        this.reader = new StateReader(reader);
        this.changes = new StateChanges(writer, manifests);
        this.applied = this.reader.applied();
    }

    /** Opens the database, or makes an empty one where there is none that can be used. */
    static StateDb open(Path file, ManifestFiles manifests) throws IOException {
        if (!isUsable(file)) {
            DurableFiles files = new DurableFiles(Disk.real());
            for (String suffix : List.of("", "-wal", "-shm", "-journal")) {
                files.delete(file.resolveSibling(file.getFileName() + suffix));
            }
            create(file);
        }
        SqlConnection writer = SqlConnection.open(file);
        return new StateDb(writer, SqlConnection.open(file), manifests);
    }

    private static boolean isUsable(Path file) throws IOException {
        if (!Disk.real().exists(file)) {
            return false;
        }
        try (SqlConnection connection = SqlConnection.open(file)) {
            int version =
                    connection.one("PRAGMA user_version", row -> row.getInt(1)).orElse(0);
            String check = connection
                    .one("PRAGMA quick_check(1)", row -> row.getString(1))
                    .orElse("");
            if (version == StateTable.VERSION && check.equals("ok")) {
                new StateReader(connection).applied();
                return true;
            }
            LOG.warn("state.db has version {}, check says {}: it is made anew from the journal", version, check);
        } catch (IOException e) {
            LOG.warn("state.db cannot be used and is made anew from the journal: {}", e.getMessage());
        }
        return false;
    }

    private static void create(Path file) throws IOException {
        try (SqlConnection connection = SqlConnection.open(file)) {
            connection.transaction(() -> {
                StateTable.createAll(connection);
                StateChanges.setApplied(connection, JournalPosition.START);
            });
        }
    }

    /** The newest record that was applied. */
    JournalPosition applied() {
        return applied;
    }

    /** Applies those of these records that are new, all or none. */
    void apply(List<JournalRecord> records) throws IOException {
        JournalRecord last = records.get(records.size() - 1);
        if (last.sequence() <= applied.sequence()) {
            return;
        }
        writer.transaction(() -> {
            for (JournalRecord record : records) {
                if (record.sequence() > applied.sequence()) {
                    changes.apply(record);
                }
            }
            StateChanges.setApplied(writer, last.position());
        });
        applied = last.position();
    }

    /** Ends the replay: from now on a manifest that cannot be read is a fault of the disk, not an old damage to live with. */
    void becomeLive() {
        changes.becomeLive();
    }

    /** Notes whether a pack's file is there. */
    void setLost(PackRow pack, boolean lost) throws IOException {
        pack.withLost(lost).put(writer);
    }

    StateReader reader() {
        return reader;
    }

    @Override
    public void close() throws IOException {
        reader.close();
        writer.close();
    }
}
