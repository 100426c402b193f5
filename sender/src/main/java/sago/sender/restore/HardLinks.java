package sago.sender.restore;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import sago.common.fault.FaultException;
import sago.sender.database.TemporaryDatabase;
import sago.sender.tree.Attributes;
import sago.sender.tree.Entry;
import sago.sender.tree.EntryKey;
import sago.sender.tree.EntryKind;
import sago.sender.tree.Moment;

/**
 * Which names belong to one file: those whose entries have the same inode on the same device, and the same size and time, for a file that
 * changed during the backup may have been read as two. The first name in key order is restored, the others become links to it. Names
 * beyond a budget of memory go to a temporary database. Confined to one thread.
 */
final class HardLinks implements AutoCloseable {
    private static final long ROW_BYTES = 200;

    private final long bytesMax;
    private final Map<Attributes.Identity, First> inMemory = new HashMap<>();
    private long bytes;
    private @Nullable TemporaryDatabase more;

    /** @param bytesMax how much of them is kept in memory */
    HardLinks(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    /** The first name, and how the file was then. */
    private record First(EntryKey key, long size, Moment modified) {
        boolean isSameFile(Entry entry) {
            return size == entry.size() && modified.equals(entry.attributes().modified());
        }
    }

    /** The name under which this entry is restored: another one that came before, or its own. Asked again, it answers the same. */
    EntryKey firstName(Entry entry) throws FaultException {
        Attributes.Identity identity = entry.attributes().identity();
        if (identity.links() <= 1 || entry.kind() == EntryKind.DIRECTORY) {
            return entry.key();
        }
        // The number of links may have been seen to change; inode and device name the file.
        Attributes.Identity file = new Attributes.Identity(identity.inode(), identity.device(), 0);
        First first = inMemory.get(file);
        if (first == null && more != null) {
            first = find(more, file).orElse(null);
        }
        if (first == null) {
            add(file, new First(entry.key(), entry.size(), entry.attributes().modified()));
            return entry.key();
        }
        return first.isSameFile(entry) ? first.key() : entry.key();
    }

    private void add(Attributes.Identity file, First first) throws FaultException {
        long cost = ROW_BYTES + first.key().toBytes().length;
        if (bytes + cost <= bytesMax) {
            bytes += cost;
            inMemory.put(file, first);
            return;
        }
        TemporaryDatabase database = more;
        if (database == null) {
            database = TemporaryDatabase.open(
                    List.of("CREATE TABLE first (device INTEGER, inode INTEGER, key BLOB, size INTEGER, s INTEGER,"
                            + " ns INTEGER, PRIMARY KEY (device, inode)) WITHOUT ROWID"));
            more = database;
        }
        database.run(connection -> {
            try (PreparedStatement insert =
                    connection.prepareStatement("INSERT INTO first VALUES (?, ?, ?, ?, ?, ?)")) {
                insert.setLong(1, file.device());
                insert.setLong(2, file.inode());
                insert.setBytes(3, first.key().toBytes());
                insert.setLong(4, first.size());
                insert.setLong(5, first.modified().seconds());
                insert.setInt(6, first.modified().nanos());
                return insert.executeUpdate();
            }
        });
    }

    private static Optional<First> find(TemporaryDatabase database, Attributes.Identity file) throws FaultException {
        return database.run(connection -> {
            try (PreparedStatement select =
                    connection.prepareStatement("SELECT key, size, s, ns FROM first WHERE device = ? AND inode = ?")) {
                select.setLong(1, file.device());
                select.setLong(2, file.inode());
                try (ResultSet row = select.executeQuery()) {
                    return row.next()
                            ? Optional.of(new First(
                                    EntryKey.of(row.getBytes(1)),
                                    row.getLong(2),
                                    new Moment(row.getLong(3), row.getInt(4))))
                            : Optional.empty();
                }
            }
        });
    }

    @Override
    public void close() throws FaultException {
        if (more != null) {
            more.close();
        }
    }
}
