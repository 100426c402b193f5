package sago.sender.catalog;

import com.google.protobuf.ByteString;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.id.DatasetId;
import sago.common.id.Hash;
import sago.common.id.PackId;
import sago.common.id.SessionId;
import sago.common.id.SiteId;
import sago.common.pack.PackEntry;
import sago.common.sign.Hashes;
import sago.sender.database.Database;

/**
 * Sessions, packs, and where packs are durable. Only acknowledgements and what a site answers about itself write that. Thread-safe.
 */
public final class PackRegister {
    private static final Logger LOG = LoggerFactory.getLogger(PackRegister.class);

    /** What is known of a pack that no site holds any more. */
    private static final List<String> FORGET_NOWHERE = List.of(
            "DELETE FROM pack WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM pack_site WHERE pack = ?1)",
            "DELETE FROM list_packs WHERE pack = ?1 AND NOT EXISTS (SELECT 1 FROM pack_site WHERE pack = ?1)");

    private final Database database;
    private final PresenceCache present = new PresenceCache();

    PackRegister(Database database) {
        this.database = database;
    }

    /** Notes a session before its first pack; the header's bytes are public. */
    public void sessionOpened(DatasetId dataset, SessionId session, ByteString header, long nowMs)
            throws FaultException {
        SessionRow row = new SessionRow(session, Hashes.sha256(header), header);
        database.transact(connection -> putSession(connection, dataset, row, nowMs));
    }

    /** Within a transaction; there must be no such session yet. */
    static void putSession(Connection connection, DatasetId dataset, SessionRow row, long openedMs)
            throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(
                "INSERT INTO session" + " (id, dataset, header, header_sha256, opened_ms) VALUES (?, ?, ?, ?, ?)")) {
            insert.setBytes(1, row.session().toBytes());
            insert.setBytes(2, dataset.toBytes());
            insert.setBytes(3, row.header().toByteArray());
            insert.setBytes(4, row.firstHeader().toBytes());
            insert.setLong(5, openedMs);
            insert.executeUpdate();
        }
    }

    /** The site promised to keep a pack. */
    public void packDurable(PackOrigin origin, SiteId site, PackEntry entry, long keepUntil) throws FaultException {
        database.transact(connection -> {
            putPack(connection, origin, entry);
            put(connection, entry.id(), site, origin.dataset(), new PackPlace(true, 0, keepUntil));
        });
        present.put(entry.id(), site);
    }

    /** Within a transaction. */
    static void putPack(Connection connection, PackOrigin origin, PackEntry entry) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(
                "INSERT OR REPLACE INTO pack (id, dataset, session, length, root, crc) VALUES (?, ?, ?, ?, ?, ?)")) {
            insert.setBytes(1, entry.id().toBytes());
            insert.setBytes(2, origin.dataset().toBytes());
            insert.setBytes(3, origin.session().toBytes());
            insert.setLong(4, entry.length());
            insert.setBytes(5, entry.root().toBytes());
            insert.setInt(6, RowCheck.pack(entry, origin.dataset(), origin.session()));
            insert.executeUpdate();
        }
    }

    /** Whether the site holds the pack durably, as far as home knows. */
    public boolean present(PackId pack, SiteId site) throws FaultException {
        if (present.contains(pack, site)) {
            return true;
        }
        boolean found = database.read(connection -> {
            try (PreparedStatement select = connection.prepareStatement(
                    "SELECT p.dataset, p.session, p.length, p.root, p.crc, s.state, s.committed, s.keep_until, s.crc"
                            + " FROM pack_site s JOIN pack p ON p.id = s.pack WHERE s.pack = ? AND s.site = ?")) {
                select.setBytes(1, pack.toBytes());
                select.setBytes(2, site.toBytes());
                try (ResultSet row = select.executeQuery()) {
                    return row.next() && readEntry(row, pack).isPresent() && isDurable(row, pack, site);
                }
            }
        });
        if (found) {
            present.put(pack, site);
        }
        return found;
    }

    /** Whether anything is written of this pack at this site, be it that it was lost there. */
    public boolean isNoted(PackId pack, SiteId site) throws FaultException {
        return database.read(connection -> {
            try (PreparedStatement select =
                    connection.prepareStatement("SELECT 1 FROM pack_site WHERE pack = ? AND site = ?")) {
                select.setBytes(1, pack.toBytes());
                select.setBytes(2, site.toBytes());
                try (ResultSet row = select.executeQuery()) {
                    return row.next();
                }
            }
        });
    }

    /** Whether a session of this dataset is written here whole: packs of one that is not could be named by no manifest. */
    public boolean hasSession(DatasetId dataset, SessionId session) throws FaultException {
        return database.read(connection -> {
            try (PreparedStatement select = connection.prepareStatement(
                    "SELECT header, header_sha256 FROM session WHERE id = ? AND dataset = ?")) {
                select.setBytes(1, session.toBytes());
                select.setBytes(2, dataset.toBytes());
                try (ResultSet row = select.executeQuery()) {
                    return row.next()
                            && Arrays.equals(
                                    Hashes.sha256(ByteString.copyFrom(row.getBytes(1)))
                                            .toBytes(),
                                    row.getBytes(2));
                }
            }
        });
    }

    /** Packs of a dataset that a site acknowledged and no committed manifest of it names: what it must be asked about at the start. */
    public List<PackId> uncommitted(DatasetId dataset, SiteId site) throws FaultException {
        return open(dataset, site, 1);
    }

    /** The site does not hold these packs, whatever was written here before. */
    public void absent(DatasetId dataset, SiteId site, Collection<PackId> packs) throws FaultException {
        present.remove(packs, site);
        database.transact(connection -> {
            for (PackId pack : packs) {
                long committed = committed(connection, pack, site);
                if (committed == 0) {
                    remove(connection, pack, site);
                } else {
                    put(connection, pack, site, dataset, new PackPlace(false, committed, 0));
                }
            }
        });
    }

    /**
     * The site knows no manifest behind this sequence: packs that later ones added count as in none, and as uncertain until the site is asked.
     * Called within the transaction that forgets those manifests.
     */
    void rewind(Connection connection, DatasetId dataset, SiteId site, long sequence) throws SQLException {
        List<PackId> packs = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(
                "SELECT pack FROM pack_site WHERE dataset = ? AND site = ? AND committed > ? AND state = 1")) {
            select.setBytes(1, dataset.toBytes());
            select.setBytes(2, site.toBytes());
            select.setLong(3, sequence);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    packs.add(PackId.of(row.getBytes(1)));
                }
            }
        }
        for (PackId pack : packs) {
            put(connection, pack, site, dataset, new PackPlace(true, 0, 0));
        }
    }

    /** What the next manifest has to say. */
    public ManifestDelta delta(DatasetId dataset, SiteId site) throws FaultException {
        return database.read(connection -> {
            List<PackEntry> added = new ArrayList<>();
            Set<Hash> headers = new LinkedHashSet<>();
            try (PreparedStatement select = connection.prepareStatement(
                    "SELECT p.dataset, p.session, p.length, p.root, p.crc, s.state, s.committed, s.keep_until, s.crc,"
                            + " s.pack, h.header_sha256, h.header FROM pack_site s JOIN pack p ON p.id = s.pack"
                            + " JOIN session h ON h.id = p.session WHERE s.dataset = ? AND s.site = ?"
                            + " AND (s.committed = 0 OR s.state = 0) AND s.state = 1")) {
                select.setBytes(1, dataset.toBytes());
                select.setBytes(2, site.toBytes());
                try (ResultSet row = select.executeQuery()) {
                    while (row.next()) {
                        PackId pack = PackId.of(row.getBytes(10));
                        Hash header = Hash.of(row.getBytes(11));
                        Optional<PackEntry> entry = readEntry(row, pack);
                        if (entry.isPresent() && isDurable(row, pack, site)) {
                            requireHeader(RowCheck.isHeader(row.getBytes(12), header), pack);
                            added.add(entry.get());
                            headers.add(header);
                        }
                    }
                }
            }
            return new ManifestDelta(added, open(dataset, site, 0), List.copyOf(headers));
        });
    }

    /** The pack counted as present while the tree was built, so the manifest must not leave it out. */
    private void requireHeader(boolean sound, PackId pack) throws FaultException {
        if (!sound) {
            throw new FaultException(
                    Fault.INTEGRITY,
                    database.file() + " is damaged: the session header of pack " + pack
                            + " is not what was written. `sago sender rebuild`, where the vault is, makes it anew");
        }
    }

    /** A manifest at the site names these packs from now on; called within the transaction of its commit. */
    void committed(Connection connection, DatasetId dataset, SiteId site, long sequence, Iterable<PackEntry> added)
            throws SQLException {
        for (PackEntry entry : added) {
            put(connection, entry.id(), site, dataset, new PackPlace(true, sequence, 0));
        }
    }

    /** A manifest at the site no longer names these packs; called within the transaction of its commit. */
    void dropped(Connection connection, SiteId site, Iterable<PackId> dropped) throws SQLException {
        for (PackId pack : dropped) {
            present.remove(List.of(pack), site);
            remove(connection, pack, site);
            for (String table : FORGET_NOWHERE) {
                try (PreparedStatement delete = connection.prepareStatement(table)) {
                    delete.setBytes(1, pack.toBytes());
                    delete.executeUpdate();
                }
            }
        }
    }

    private List<PackId> open(DatasetId dataset, SiteId site, int state) throws FaultException {
        return database.read(connection -> {
            List<PackId> packs = new ArrayList<>();
            try (PreparedStatement select = connection.prepareStatement(
                    "SELECT pack, committed, keep_until, crc"
                            + " FROM pack_site WHERE dataset = ? AND site = ? AND (committed = 0 OR state = 0) AND state = ?")) {
                select.setBytes(1, dataset.toBytes());
                select.setBytes(2, site.toBytes());
                select.setInt(3, state);
                try (ResultSet row = select.executeQuery()) {
                    while (row.next()) {
                        PackPlace place = new PackPlace(state == 1, row.getLong(2), row.getLong(3));
                        byte[] id = row.getBytes(1);
                        // A damaged row must not drop a pack that older snapshots need.
                        if (id.length == PackId.BYTES
                                && row.getInt(4) == RowCheck.presence(PackId.of(id), site, dataset, place)) {
                            packs.add(PackId.of(id));
                        }
                    }
                }
            }
            return packs;
        });
    }

    /** Within a transaction. */
    static void put(Connection connection, PackId pack, SiteId site, DatasetId dataset, PackPlace place)
            throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("INSERT OR REPLACE INTO pack_site"
                + " (pack, site, dataset, state, committed, keep_until, crc) VALUES (?, ?, ?, ?, ?, ?, ?)")) {
            insert.setBytes(1, pack.toBytes());
            insert.setBytes(2, site.toBytes());
            insert.setBytes(3, dataset.toBytes());
            insert.setInt(4, place.durable() ? 1 : 0);
            insert.setLong(5, place.committed());
            insert.setLong(6, place.keepUntil());
            insert.setInt(7, RowCheck.presence(pack, site, dataset, place));
            insert.executeUpdate();
        }
    }

    private static long committed(Connection connection, PackId pack, SiteId site) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement("SELECT committed FROM pack_site WHERE pack = ? AND site = ?")) {
            select.setBytes(1, pack.toBytes());
            select.setBytes(2, site.toBytes());
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? row.getLong(1) : 0;
            }
        }
    }

    private static void remove(Connection connection, PackId pack, SiteId site) throws SQLException {
        try (PreparedStatement delete =
                connection.prepareStatement("DELETE FROM pack_site WHERE pack = ? AND site = ?")) {
            delete.setBytes(1, pack.toBytes());
            delete.setBytes(2, site.toBytes());
            delete.executeUpdate();
        }
    }

    /** Columns 1 to 5: dataset, session, length, root, crc. Empty where the row is damaged. */
    private static Optional<PackEntry> readEntry(ResultSet row, PackId pack) throws SQLException {
        try {
            DatasetId dataset = DatasetId.of(row.getBytes(1));
            SessionId session = SessionId.of(row.getBytes(2));
            PackEntry entry = new PackEntry(pack, row.getLong(3), Hash.of(row.getBytes(4)));
            if (row.getInt(5) == RowCheck.pack(entry, dataset, session)) {
                return Optional.of(entry);
            }
        } catch (IllegalArgumentException e) {
            LOG.debug("pack {} in the catalog", pack, e);
        }
        LOG.warn("the catalog's row of pack {} is damaged: its chunks will be stored anew", pack);
        return Optional.empty();
    }

    /** Columns 1 and 6 to 9: dataset, state, committed, keep_until, crc. */
    private static boolean isDurable(ResultSet row, PackId pack, SiteId site) throws SQLException {
        PackPlace place = new PackPlace(row.getInt(6) == 1, row.getLong(7), row.getLong(8));
        if (row.getInt(9) != RowCheck.presence(pack, site, DatasetId.of(row.getBytes(1)), place)) {
            LOG.warn("the catalog's row of pack {} at site {} is damaged: its chunks will be stored anew", pack, site);
            return false;
        }
        return place.durable();
    }
}
