package sago.sender.catalog;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import sago.common.fault.FaultException;
import sago.common.id.DatasetId;
import sago.common.id.PackId;
import sago.common.id.SiteId;
import sago.common.trust.ManifestStubs;
import sago.common.trust.StubTerms;
import sago.sender.database.Database;

/**
 * Writes into a catalog what was read back from a site: one transaction for each snapshot, first to last. Only for a catalog that nobody
 * else has open. Thread-safe.
 */
public final class CatalogRestore {
    /** Of one dataset at one site; what then belongs to no site any more goes too. */
    private static final List<String> FORGET_AT_SITE = List.of(
            "DELETE FROM snapshot WHERE dataset = ? AND site = ?",
            "DELETE FROM receipt WHERE dataset = ? AND site = ?",
            "DELETE FROM pack_use WHERE dataset = ? AND site = ?",
            // What is in no manifest yet stays: the next backup asks the site about it.
            "DELETE FROM pack_site WHERE dataset = ? AND site = ? AND (committed > 0 OR state = 0)");

    private static final List<String> FORGET_UNUSED = List.of(
            "DELETE FROM pack WHERE dataset = ?1 AND id NOT IN (SELECT pack FROM pack_site WHERE dataset = ?1)",
            "DELETE FROM list_packs WHERE dataset = ?1 AND pack NOT IN (SELECT pack FROM pack_site WHERE dataset = ?1)",
            "DELETE FROM session WHERE dataset = ?1 AND id NOT IN (SELECT session FROM pack WHERE dataset = ?1)");

    private final Database database;

    CatalogRestore(Database database) {
        this.database = database;
    }

    /** Forgets the snapshots of a dataset at a site and what they stand on, before they are added again. */
    public void forget(DatasetId dataset, SiteId site) throws FaultException {
        database.transact(connection -> {
            for (String sql : FORGET_AT_SITE) {
                try (PreparedStatement delete = connection.prepareStatement(sql)) {
                    delete.setBytes(1, dataset.toBytes());
                    delete.setBytes(2, site.toBytes());
                    delete.executeUpdate();
                }
            }
            for (String sql : FORGET_UNUSED) {
                try (PreparedStatement delete = connection.prepareStatement(sql)) {
                    delete.setBytes(1, dataset.toBytes());
                    delete.executeUpdate();
                }
            }
        });
    }

    /** Adds a snapshot with its sessions and packs. */
    public void add(SiteId site, RestoredSnapshot snapshot, long nowMs) throws FaultException {
        StubTerms terms = ManifestStubs.readStored(snapshot.manifest().stub()).terms();
        database.transact(connection -> {
            for (SessionRow session : snapshot.sessions()) {
                try (PreparedStatement delete = connection.prepareStatement("DELETE FROM session WHERE id = ?")) {
                    delete.setBytes(1, session.session().toBytes());
                    delete.executeUpdate();
                }
                PackRegister.putSession(
                        connection, terms.dataset(), session, snapshot.body().getStartedMs());
            }
            for (RestoredPack pack : snapshot.packs()) {
                PackRegister.putPack(connection, new PackOrigin(terms.dataset(), pack.session()), pack.entry());
                place(connection, site, terms, pack.entry().id(), true);
            }
            for (PackId pack : snapshot.lost()) {
                place(connection, site, terms, pack, false);
            }
            SnapshotRegister.putCommitted(connection, site, snapshot, nowMs);
        });
    }

    private static void place(Connection connection, SiteId site, StubTerms terms, PackId pack, boolean durable)
            throws SQLException {
        PackRegister.put(connection, pack, site, terms.dataset(), new PackPlace(durable, terms.sequence(), 0));
    }
}
