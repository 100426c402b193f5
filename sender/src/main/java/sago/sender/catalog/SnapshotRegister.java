package sago.sender.catalog;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sago.common.fault.FaultException;
import sago.common.id.DatasetId;
import sago.common.id.Hash;
import sago.common.id.SiteId;
import sago.common.pack.PackEntry;
import sago.common.trust.ManifestStubs;
import sago.common.trust.StubTerms;
import sago.common.trust.VerifiedStub;
import sago.sender.database.Database;
import sago.sender.proto.SnapshotBody;

/** Snapshots of datasets at sites, and receipts. Thread-safe. */
public final class SnapshotRegister {
    private static final Logger LOG = LoggerFactory.getLogger(SnapshotRegister.class);
    private static final int PREPARED = 1;
    private static final int COMMITTED = 2;

    /** By order: without bodies. */
    private static final int EXPIRED = 3;

    /** Committed, and an order that it shall expire is on its way. */
    private static final int EXPIRING = 4;

    private final Database database;
    private final PackRegister packs;

    SnapshotRegister(Database database, PackRegister packs) {
        this.database = database;
        this.packs = packs;
    }

    /**
     * Makes a manifest durable at home before it is sent, with what packs give to its tree, which was counted before. Others that were prepared for this
     * place were never committed: they go.
     */
    public void prepare(SiteId site, PreparedManifest manifest, SnapshotBody body) throws FaultException {
        VerifiedStub stub = ManifestStubs.readStored(manifest.stub());
        StubTerms terms = stub.terms();
        database.transact(connection -> {
            try (PreparedStatement delete =
                    connection.prepareStatement("DELETE FROM snapshot WHERE dataset = ? AND site = ? AND state = ?")) {
                delete.setBytes(1, terms.dataset().toBytes());
                delete.setBytes(2, site.toBytes());
                delete.setInt(3, PREPARED);
                delete.executeUpdate();
            }
            put(connection, site, manifest, body, PREPARED);
            UseRegister.put(connection, terms.dataset(), site, terms.sequence());
        });
    }

    private static void put(Connection connection, SiteId site, PreparedManifest manifest, SnapshotBody body, int state)
            throws SQLException, FaultException {
        VerifiedStub stub = ManifestStubs.readStored(manifest.stub());
        StubTerms terms = stub.terms();
        long storedBytes = 0;
        for (PackEntry entry : terms.added()) {
            storedBytes += entry.length();
        }
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO snapshot (hash, site, dataset,"
                + " sequence, state, stub, sealed_body, body, stored_bytes) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)")) {
            insert.setBytes(1, stub.manifestHash().toBytes());
            insert.setBytes(2, site.toBytes());
            insert.setBytes(3, terms.dataset().toBytes());
            insert.setLong(4, terms.sequence());
            insert.setInt(5, state);
            insert.setBytes(6, manifest.stub().toByteArray());
            insert.setBytes(7, manifest.sealedBody().toByteArray());
            insert.setBytes(8, body.toByteArray());
            insert.setLong(9, storedBytes);
            insert.executeUpdate();
        }
    }

    /** Within a transaction: a snapshot that a site showed committed, with its receipt if that one was good. */
    static void putCommitted(Connection connection, SiteId site, RestoredSnapshot snapshot, long nowMs)
            throws SQLException, FaultException {
        put(connection, site, snapshot.manifest(), snapshot.body(), snapshot.isExpired() ? EXPIRED : COMMITTED);
        if (snapshot.receipt().isPresent()) {
            VerifiedStub stub = ManifestStubs.readStored(snapshot.manifest().stub());
            addReceipt(
                    connection,
                    new ReceiptRow(
                            site,
                            stub.terms().dataset(),
                            stub.manifestHash(),
                            snapshot.receipt().get()),
                    nowMs);
        }
    }

    /** A manifest that was prepared and of which no receipt came, if it has this hash. */
    public Optional<PreparedManifest> prepared(SiteId site, Hash hash) throws FaultException {
        return manifest(site, hash, PREPARED);
    }

    /** The bytes of a committed manifest, to compare a site's answer with. */
    public Optional<PreparedManifest> committed(SiteId site, Hash hash) throws FaultException {
        Optional<PreparedManifest> expiring = manifest(site, hash, EXPIRING);
        return expiring.isPresent() ? expiring : manifest(site, hash, COMMITTED);
    }

    private Optional<PreparedManifest> manifest(SiteId site, Hash hash, int state) throws FaultException {
        return database.read(connection -> {
            try (PreparedStatement select = connection.prepareStatement(
                    "SELECT stub, sealed_body FROM snapshot WHERE hash = ? AND site = ? AND state = ?")) {
                select.setBytes(1, hash.toBytes());
                select.setBytes(2, site.toBytes());
                select.setInt(3, state);
                try (ResultSet row = select.executeQuery()) {
                    if (!row.next()) {
                        return Optional.empty();
                    }
                    ByteString stub = ByteString.copyFrom(row.getBytes(1));
                    ByteString body = ByteString.copyFrom(row.getBytes(2));
                    return Optional.of(new PreparedManifest(stub, body));
                }
            }
        });
    }

    /** The site committed a prepared manifest: it, its packs and its receipt enter in one transaction. */
    public void commit(SiteId site, ByteString stubEnvelope, ByteString receipt, long nowMs) throws FaultException {
        VerifiedStub stub = ManifestStubs.readStored(stubEnvelope);
        StubTerms terms = stub.terms();
        database.transact(connection -> {
            try (PreparedStatement update =
                    connection.prepareStatement("UPDATE snapshot SET state = ? WHERE hash = ? AND site = ?")) {
                update.setInt(1, COMMITTED);
                update.setBytes(2, stub.manifestHash().toBytes());
                update.setBytes(3, site.toBytes());
                update.executeUpdate();
            }
            packs.committed(connection, terms.dataset(), site, terms.sequence(), terms.added());
            packs.dropped(connection, site, terms.dropped());
            UseRegister.committed(connection, terms.dataset(), site, terms.sequence());
            addReceipt(connection, new ReceiptRow(site, terms.dataset(), stub.manifestHash(), receipt), nowMs);
        });
    }

    /** The site's newest manifest has this sequence, whatever home thought: later ones are forgotten, their packs are uncommitted. */
    public void rewind(DatasetId dataset, SiteId site, long sequence) throws FaultException {
        database.transact(connection -> {
            try (PreparedStatement delete = connection.prepareStatement(
                    "DELETE FROM snapshot WHERE dataset = ? AND site = ? AND sequence > ? AND state <> ?")) {
                delete.setBytes(1, dataset.toBytes());
                delete.setBytes(2, site.toBytes());
                delete.setLong(3, sequence);
                delete.setInt(4, PREPARED);
                delete.executeUpdate();
            }
            packs.rewind(connection, dataset, site, sequence);
            UseRegister.forget(connection, dataset, site, sequence);
        });
    }

    /** Before an order that these snapshots shall expire is sent: if its answer is lost, it is known that there was one. */
    public void expiring(SiteId site, Collection<Hash> manifests) throws FaultException {
        database.transact(connection -> {
            try (PreparedStatement update = connection.prepareStatement(
                    "UPDATE snapshot SET state = ? WHERE hash = ? AND site = ? AND state = ?")) {
                for (Hash manifest : manifests) {
                    update.setInt(1, EXPIRING);
                    update.setBytes(2, manifest.toBytes());
                    update.setBytes(3, site.toBytes());
                    update.setInt(4, COMMITTED);
                    update.executeUpdate();
                }
            }
        });
    }

    /** The site expired these snapshots, as it was ordered: stubs stay, bodies go. */
    public void expired(DatasetId dataset, SiteId site, Collection<Hash> manifests) throws FaultException {
        database.transact(connection -> {
            try (PreparedStatement update =
                    connection.prepareStatement("UPDATE snapshot SET state = ?, sealed_body = zeroblob(0),"
                            + " body = zeroblob(0) WHERE hash = ? AND dataset = ? AND site = ? AND state IN (?, ?)")) {
                for (Hash manifest : manifests) {
                    update.setInt(1, EXPIRED);
                    update.setBytes(2, manifest.toBytes());
                    update.setBytes(3, dataset.toBytes());
                    update.setBytes(4, site.toBytes());
                    update.setInt(5, COMMITTED);
                    update.setInt(6, EXPIRING);
                    update.executeUpdate();
                }
            }
        });
    }

    /** Whether the snapshot has expired by an order of this home, or one is on its way. */
    public boolean isOrderedToExpire(SiteId site, Hash manifest) throws FaultException {
        return manifest(site, manifest, EXPIRED).isPresent()
                || manifest(site, manifest, EXPIRING).isPresent();
    }

    /** Snapshots that have expired, by dataset, site and sequence. */
    public List<ExpiredSnapshot> expired() throws FaultException {
        return database.read(connection -> {
            List<ExpiredSnapshot> expired = new ArrayList<>();
            try (PreparedStatement select = connection.prepareStatement(
                    "SELECT hash, site, dataset, sequence FROM snapshot WHERE state = ? ORDER BY dataset, site, sequence")) {
                select.setInt(1, EXPIRED);
                try (ResultSet row = select.executeQuery()) {
                    while (row.next()) {
                        expired.add(new ExpiredSnapshot(
                                Hash.of(row.getBytes(1)),
                                SiteId.of(row.getBytes(2)),
                                DatasetId.of(row.getBytes(3)),
                                row.getLong(4)));
                    }
                }
            }
            return expired;
        });
    }

    /** Keeps the receipt of a group of packs, or of an order. */
    public void receipt(SiteId site, DatasetId dataset, ByteString envelope, long nowMs) throws FaultException {
        database.transact(connection -> addReceipt(connection, new ReceiptRow(site, dataset, null, envelope), nowMs));
    }

    private record ReceiptRow(
            SiteId site, DatasetId dataset, @Nullable Hash manifest, ByteString envelope) {}

    private static void addReceipt(Connection connection, ReceiptRow row, long nowMs) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(
                "INSERT INTO receipt (site, dataset, manifest, noted_ms, envelope) VALUES (?, ?, ?, ?, ?)")) {
            insert.setBytes(1, row.site().toBytes());
            insert.setBytes(2, row.dataset().toBytes());
            insert.setBytes(3, row.manifest() == null ? null : row.manifest().toBytes());
            insert.setLong(4, nowMs);
            insert.setBytes(5, row.envelope().toByteArray());
            insert.executeUpdate();
        }
    }

    /** The receipt of a committed snapshot. */
    public Optional<ByteString> receiptOf(SiteId site, Hash manifest) throws FaultException {
        return database.read(connection -> {
            try (PreparedStatement select = connection.prepareStatement(
                    "SELECT envelope FROM receipt WHERE manifest = ? AND site = ? ORDER BY number DESC LIMIT 1")) {
                select.setBytes(1, manifest.toBytes());
                select.setBytes(2, site.toBytes());
                try (ResultSet row = select.executeQuery()) {
                    return row.next() ? Optional.of(ByteString.copyFrom(row.getBytes(1))) : Optional.empty();
                }
            }
        });
    }

    /** The newest committed snapshot of a dataset at a site. */
    public Optional<Snapshot> newest(DatasetId dataset, SiteId site) throws FaultException {
        return list().stream()
                .filter(snapshot ->
                        snapshot.dataset().equals(dataset) && snapshot.site().equals(site))
                .reduce((older, newer) -> newer.sequence() > older.sequence() ? newer : older);
    }

    /** All committed snapshots, by dataset, site and sequence. */
    public List<Snapshot> list() throws FaultException {
        return database.read(connection -> {
            List<Snapshot> snapshots = new ArrayList<>();
            try (PreparedStatement select = connection.prepareStatement("SELECT hash, site, dataset, sequence, body,"
                    + " stored_bytes, stub FROM snapshot WHERE state IN (?, ?) ORDER BY dataset, site, sequence")) {
                select.setInt(1, COMMITTED);
                select.setInt(2, EXPIRING);
                try (ResultSet row = select.executeQuery()) {
                    while (row.next()) {
                        read(row).ifPresent(snapshots::add);
                    }
                }
            }
            return snapshots;
        });
    }

    /** The hash is that of the stub, or the row is damaged and is not shown: the site still has the snapshot. */
    private static Optional<Snapshot> read(ResultSet row) throws SQLException, FaultException {
        try {
            Hash hash = Hash.of(row.getBytes(1));
            if (!ManifestStubs.hash(ByteString.copyFrom(row.getBytes(7))).equals(hash)) {
                LOG.warn("the catalog's row of snapshot {} is damaged; the site still has it", hash);
                return Optional.empty();
            }
            return Optional.of(new Snapshot(
                    hash,
                    SiteId.of(row.getBytes(2)),
                    DatasetId.of(row.getBytes(3)),
                    row.getLong(4),
                    SnapshotBody.parseFrom(row.getBytes(5)),
                    row.getLong(6)));
        } catch (InvalidProtocolBufferException | IllegalArgumentException e) {
            LOG.warn("a row of the catalog's snapshots is damaged; the site still has it: {}", e.getMessage());
            return Optional.empty();
        }
    }
}
