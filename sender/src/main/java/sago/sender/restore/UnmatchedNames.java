package sago.sender.restore;

import com.google.protobuf.ByteString;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import sago.common.fault.FaultException;
import sago.sender.database.TemporaryDatabase;

/**
 * Names that were found in folders of the target, from which those that the snapshot has are crossed out. Beyond a number of names they
 * go to a temporary database. Confined to one thread.
 */
final class UnmatchedNames implements AutoCloseable {
    private final int namesMax;
    private int inMemory;
    private long folders;
    private @Nullable TemporaryDatabase more;

    /** @param namesMax how many names of all folders are kept in memory */
    UnmatchedNames(int namesMax) {
        this.namesMax = namesMax;
    }

    /** What to do with each name that is left. */
    interface Use {
        void name(byte[] name) throws FaultException;
    }

    /** Begins a folder; close it when it is done. */
    Folder folder() {
        return new Folder(++folders);
    }

    private TemporaryDatabase more() throws FaultException {
        TemporaryDatabase database = more;
        if (database == null) {
            database = TemporaryDatabase.open(
                    List.of("CREATE TABLE name (folder INTEGER, name BLOB, PRIMARY KEY (folder, name)) WITHOUT ROWID"));
            more = database;
        }
        return database;
    }

    @Override
    public void close() throws FaultException {
        if (more != null) {
            more.close();
        }
    }

    /** The names of one folder. */
    final class Folder implements AutoCloseable {
        private final long number;
        private final Set<ByteString> names = new HashSet<>();
        private boolean hasMore;

        private Folder(long number) {
            this.number = number;
        }

        void add(byte[] name) throws FaultException {
            if (inMemory < namesMax) {
                inMemory += names.add(ByteString.copyFrom(name)) ? 1 : 0;
            } else {
                hasMore = true;
                change("INSERT OR IGNORE INTO name VALUES (?, ?)", name);
            }
        }

        /** Crosses out a name. */
        void remove(byte[] name) throws FaultException {
            if (names.remove(ByteString.copyFrom(name))) {
                inMemory--;
            } else if (hasMore) {
                change("DELETE FROM name WHERE folder = ? AND name = ?", name);
            }
        }

        private void change(String sql, byte[] name) throws FaultException {
            more().run(connection -> {
                try (PreparedStatement statement = connection.prepareStatement(sql)) {
                    statement.setLong(1, number);
                    statement.setBytes(2, name);
                    return statement.executeUpdate();
                }
            });
        }

        /** Gives out the names that are left. */
        void forEach(Use use) throws FaultException {
            for (ByteString name : names) {
                use.name(name.toByteArray());
            }
            if (hasMore) {
                more().run(connection -> {
                    try (PreparedStatement select =
                            connection.prepareStatement("SELECT name FROM name WHERE folder = ?")) {
                        select.setLong(1, number);
                        try (ResultSet rows = select.executeQuery()) {
                            while (rows.next()) {
                                use.name(rows.getBytes(1));
                            }
                        }
                    }
                    return true;
                });
            }
        }

        @Override
        public void close() throws FaultException {
            inMemory -= names.size();
            names.clear();
            if (hasMore) {
                hasMore = false;
                more().run(connection -> {
                    try (PreparedStatement delete = connection.prepareStatement("DELETE FROM name WHERE folder = ?")) {
                        delete.setLong(1, number);
                        return delete.executeUpdate();
                    }
                });
            }
        }
    }
}
