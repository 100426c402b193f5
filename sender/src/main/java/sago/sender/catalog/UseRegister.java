package sago.sender.catalog;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import sago.common.fault.FaultException;
import sago.common.id.DatasetId;
import sago.common.id.PackId;
import sago.common.id.SiteId;
import sago.sender.database.Database;

/**
 * How many bytes each pack gives to the newest tree of a dataset at a site, and what chunk lists refer to. The tree that is being counted
 * lies in a temporary table of this connection, which goes with it; with its manifest the counts enter the catalog. Thread-safe, but
 * one tree at a time is counted.
 */
public final class UseRegister {
    private static final String COUNTED =
            "CREATE TEMP TABLE IF NOT EXISTS counted (pack BLOB PRIMARY KEY, bytes INTEGER NOT NULL)"
                    + " WITHOUT ROWID";

    private final Database database;

    UseRegister(Database database) {
        this.database = database;
    }

    /** Begins to count a tree: what was counted before and did not enter the catalog is forgotten. */
    public void begin() throws FaultException {
        database.transact(connection -> {
            execute(connection, COUNTED);
            execute(connection, "DELETE FROM counted");
        });
    }

    /** Adds to what was counted, all of it or nothing. */
    public void add(Map<PackId, Long> bytes) throws FaultException {
        database.transact(connection -> {
            try (PreparedStatement insert =
                    connection.prepareStatement("INSERT INTO counted (pack, bytes) VALUES (?, ?)"
                            + " ON CONFLICT (pack) DO UPDATE SET bytes = bytes + excluded.bytes")) {
                for (Map.Entry<PackId, Long> pack : bytes.entrySet()) {
                    insert.setBytes(1, pack.getKey().toBytes());
                    insert.setLong(2, pack.getValue());
                    insert.executeUpdate();
                }
            }
        });
    }

    /** The counted tree is that of this committed snapshot, read back from the site. */
    public void restore(DatasetId dataset, SiteId site, long sequence) throws FaultException {
        database.transact(connection -> put(connection, dataset, site, sequence));
    }

    /** Within a transaction: what was counted belongs to the manifest of this sequence, which may not be committed yet. */
    static void put(Connection connection, DatasetId dataset, SiteId site, long sequence) throws SQLException {
        execute(connection, COUNTED);
        forget(connection, dataset, site, sequence - 1);
        try (PreparedStatement select = connection.prepareStatement(
                        "SELECT c.pack, min(c.bytes, p.length) FROM counted c JOIN pack p ON p.id = c.pack");
                PreparedStatement insert = connection.prepareStatement(
                        "INSERT INTO pack_use (dataset, site, sequence, pack, bytes, crc) VALUES (?, ?, ?, ?, ?, ?)");
                ResultSet row = select.executeQuery()) {
            while (row.next()) {
                PackId pack = PackId.of(row.getBytes(1));
                long bytes = row.getLong(2);
                insert.setBytes(1, dataset.toBytes());
                insert.setBytes(2, site.toBytes());
                insert.setLong(3, sequence);
                insert.setBytes(4, pack.toBytes());
                insert.setLong(5, bytes);
                insert.setInt(6, RowCheck.use(pack, site, sequence, bytes));
                insert.executeUpdate();
            }
        }
    }

    /** Within a transaction: the manifest of this sequence is the newest at the site. */
    static void committed(Connection connection, DatasetId dataset, SiteId site, long sequence) throws SQLException {
        delete(
                connection,
                "DELETE FROM pack_use WHERE dataset = ? AND site = ? AND sequence <> ?",
                dataset,
                site,
                sequence);
    }

    /** Within a transaction: no manifest beyond this sequence is known any more. */
    static void forget(Connection connection, DatasetId dataset, SiteId site, long sequence) throws SQLException {
        delete(
                connection,
                "DELETE FROM pack_use WHERE dataset = ? AND site = ? AND sequence > ?",
                dataset,
                site,
                sequence);
    }

    private static void delete(Connection connection, String sql, DatasetId dataset, SiteId site, long sequence)
            throws SQLException {
        try (PreparedStatement delete = connection.prepareStatement(sql)) {
            delete.setBytes(1, dataset.toBytes());
            delete.setBytes(2, site.toBytes());
            delete.setLong(3, sequence);
            delete.executeUpdate();
        }
    }

    /**
     * Shows the packs that the newest manifest names at a site, with what they give to its tree: all of a pack whose row is damaged.
     *
     * @return whether that tree was counted; otherwise nothing is shown
     */
    public boolean live(DatasetId dataset, SiteId site, long sequence, Consumer<LivePack> sink) throws FaultException {
        return database.read(connection -> {
            if (!isCounted(connection, dataset, site, sequence)) {
                return false;
            }
            try (PreparedStatement select = connection.prepareStatement(
                    "SELECT s.pack, p.length, u.bytes, u.crc FROM pack_site s JOIN pack p ON p.id = s.pack"
                            + " LEFT JOIN pack_use u ON u.dataset = s.dataset AND u.site = s.site AND u.sequence = ? AND u.pack = s.pack"
                            + " WHERE s.dataset = ? AND s.site = ? AND s.committed > 0 AND s.state = 1")) {
                select.setLong(1, sequence);
                select.setBytes(2, dataset.toBytes());
                select.setBytes(3, site.toBytes());
                try (ResultSet row = select.executeQuery()) {
                    while (row.next()) {
                        PackId pack = PackId.of(row.getBytes(1));
                        long length = row.getLong(2);
                        long bytes = row.getLong(3);
                        int crc = row.getInt(4);
                        boolean sound = row.wasNull() || crc == RowCheck.use(pack, site, sequence, bytes);
                        sink.accept(new LivePack(pack, length, sound ? bytes : length));
                    }
                }
            }
            return true;
        });
    }

    /** A tree has one node at least, so that none was counted where there is no row. */
    private static boolean isCounted(Connection connection, DatasetId dataset, SiteId site, long sequence)
            throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                "SELECT 1 FROM pack_use WHERE dataset = ? AND site = ? AND sequence = ? LIMIT 1")) {
            select.setBytes(1, dataset.toBytes());
            select.setBytes(2, site.toBytes());
            select.setLong(3, sequence);
            try (ResultSet row = select.executeQuery()) {
                return row.next();
            }
        }
    }

    /** Packs that committed manifests name at a site and that give nothing to the tree that was counted, up to so many. */
    public List<PackId> unused(DatasetId dataset, SiteId site, int max) throws FaultException {
        return database.read(connection -> {
            execute(connection, COUNTED);
            List<PackId> packs = new ArrayList<>();
            try (PreparedStatement select = connection.prepareStatement(
                    "SELECT s.pack, s.committed, s.keep_until, s.crc FROM pack_site s WHERE s.dataset = ? AND s.site = ?"
                            + " AND s.committed > 0 AND s.state = 1"
                            + " AND NOT EXISTS (SELECT 1 FROM counted c WHERE c.pack = s.pack) ORDER BY s.pack LIMIT ?")) {
                select.setBytes(1, dataset.toBytes());
                select.setBytes(2, site.toBytes());
                select.setInt(3, max);
                try (ResultSet row = select.executeQuery()) {
                    while (row.next()) {
                        PackId pack = PackId.of(row.getBytes(1));
                        PackPlace place = new PackPlace(true, row.getLong(2), row.getLong(3));
                        if (row.getInt(4) == RowCheck.presence(pack, site, dataset, place)) {
                            packs.add(pack);
                        }
                    }
                }
            }
            return packs;
        });
    }

    /** Writes down what a list refers to; the same again changes nothing. */
    public void putList(DatasetId dataset, ChunkPlace list, ListUse use) throws FaultException {
        byte[] packs = ListRows.packs(use);
        byte[] lists = ListRows.lists(use);
        database.transact(connection -> {
            try (PreparedStatement insert = connection.prepareStatement("INSERT OR REPLACE INTO list_packs"
                    + " (pack, offset, dataset, packs, lists, crc) VALUES (?, ?, ?, ?, ?, ?)")) {
                insert.setBytes(1, list.pack().toBytes());
                insert.setInt(2, list.offset());
                insert.setBytes(3, dataset.toBytes());
                insert.setBytes(4, packs);
                insert.setBytes(5, lists);
                insert.setInt(6, RowCheck.list(list, packs, lists));
                insert.executeUpdate();
            }
        });
    }

    /** What a list refers to, if that is known; a damaged row counts as absent. */
    public Optional<ListUse> list(ChunkPlace list) throws FaultException {
        return database.read(connection -> {
            try (PreparedStatement select = connection.prepareStatement(
                    "SELECT packs, lists, crc FROM list_packs WHERE pack = ? AND offset = ?")) {
                select.setBytes(1, list.pack().toBytes());
                select.setInt(2, list.offset());
                try (ResultSet row = select.executeQuery()) {
                    if (!row.next()) {
                        return Optional.empty();
                    }
                    byte[] packs = row.getBytes(1);
                    byte[] lists = row.getBytes(2);
                    return row.getInt(3) == RowCheck.list(list, packs, lists)
                            ? Optional.of(ListRows.read(packs, lists))
                            : Optional.empty();
                }
            }
        });
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
