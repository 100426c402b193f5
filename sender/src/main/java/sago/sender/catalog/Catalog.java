package sago.sender.catalog;

import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.util.List;
import sago.common.fault.FaultException;
import sago.sender.database.Database;
import sago.sender.database.Schema;

/**
 * The catalog file. Rows that decide what a manifest says carry a CRC32C: a damaged one counts as absent, so that a flipped bit costs an
 * upload and never makes a wrong manifest. Thread-safe.
 */
public final class Catalog implements AutoCloseable {
    private static final long CACHE_BYTES = 8 << 20;

    private static final String CURE =
            ". The sites have all of it: `sago sender rebuild --dataset NAME`, where the vault is," + " reads it back";

    private static final List<String> VERSION_1 = List.of(
            "CREATE TABLE site (id BLOB PRIMARY KEY, name TEXT NOT NULL) WITHOUT ROWID",
            "CREATE TABLE dataset (id BLOB PRIMARY KEY, name TEXT NOT NULL) WITHOUT ROWID",
            "CREATE TABLE session (id BLOB PRIMARY KEY, dataset BLOB NOT NULL, header BLOB NOT NULL,"
                    + " header_sha256 BLOB NOT NULL, opened_ms INTEGER NOT NULL) WITHOUT ROWID",
            "CREATE TABLE pack (id BLOB PRIMARY KEY, dataset BLOB NOT NULL, session BLOB NOT NULL,"
                    + " length INTEGER NOT NULL, root BLOB NOT NULL, crc INTEGER NOT NULL) WITHOUT ROWID",
            "CREATE TABLE pack_site (pack BLOB NOT NULL, site BLOB NOT NULL, dataset BLOB NOT NULL,"
                    + " state INTEGER NOT NULL, committed INTEGER NOT NULL, keep_until INTEGER NOT NULL,"
                    + " crc INTEGER NOT NULL, PRIMARY KEY (pack, site)) WITHOUT ROWID",
            // What the next manifest has to say: few rows of many.
            "CREATE INDEX pack_site_open ON pack_site (dataset, site) WHERE committed = 0 OR state = 0",
            "CREATE TABLE snapshot (hash BLOB NOT NULL, site BLOB NOT NULL, dataset BLOB NOT NULL, sequence INTEGER NOT NULL,"
                    + " state INTEGER NOT NULL, stub BLOB NOT NULL, sealed_body BLOB NOT NULL, body BLOB NOT NULL,"
                    + " stored_bytes INTEGER NOT NULL, PRIMARY KEY (hash, site))",
            "CREATE INDEX snapshot_head ON snapshot (dataset, site, sequence)",
            "CREATE TABLE receipt (number INTEGER PRIMARY KEY, site BLOB NOT NULL, dataset BLOB NOT NULL,"
                    + " manifest BLOB, noted_ms INTEGER NOT NULL, envelope BLOB NOT NULL)",
            "CREATE INDEX receipt_manifest ON receipt (manifest) WHERE manifest IS NOT NULL");

    /** Headers that home re-sealed, newest of each session, with the vault's proof that it did. */
    private static final List<String> VERSION_2 = List.of("CREATE TABLE resealed (session BLOB PRIMARY KEY,"
            + " header BLOB NOT NULL, proof BLOB NOT NULL) WITHOUT ROWID");

    /**
     * What packs give to the newest tree, by its manifest's sequence, and what chunk lists refer to. From here on a snapshot's state may be
     * 3: expired, without bodies.
     */
    private static final List<String> VERSION_3 = List.of(
            "CREATE TABLE pack_use (dataset BLOB NOT NULL, site BLOB NOT NULL, sequence INTEGER NOT NULL, pack BLOB NOT NULL,"
                    + " bytes INTEGER NOT NULL, crc INTEGER NOT NULL, PRIMARY KEY (dataset, site, sequence, pack)) WITHOUT ROWID",
            "CREATE TABLE list_packs (pack BLOB NOT NULL, offset INTEGER NOT NULL, dataset BLOB NOT NULL, packs BLOB NOT NULL,"
                    + " lists BLOB NOT NULL, crc INTEGER NOT NULL, PRIMARY KEY (pack, offset)) WITHOUT ROWID",
            "CREATE INDEX pack_site_place ON pack_site (dataset, site)");

    private final Database database;
    private final PackRegister packs;
    private final SnapshotRegister snapshots;
    private final NameRegister names;
    private final HeaderRegister headers;
    private final UseRegister uses;

    private Catalog(Database database) {
        this.database = database;
        this.names = new NameRegister(database);
        this.headers = new HeaderRegister(database);
        this.uses = new UseRegister(database);
        this.packs = new PackRegister(database);
        this.snapshots = new SnapshotRegister(database, packs);
    }

    /** Opens or begins the catalog of a home; the folder must exist. */
    public static Catalog open(Path file) throws FaultException {
        return new Catalog(
                Database.open(file, new Schema(List.of(VERSION_1, VERSION_2, VERSION_3), true, CACHE_BYTES, CURE)));
    }

    /**
     * Copies a catalog that nobody writes into a file that does not exist; its bytes are forced by the first change to it.
     *
     * @throws FaultException INTEGRITY where the catalog is damaged; the copy is then of no use
     */
    public static void copy(Path from, Path to) throws FaultException {
        try (Catalog catalog = open(from)) {
            boolean unused = catalog.database.read(connection -> {
                try (PreparedStatement copy = connection.prepareStatement("VACUUM INTO ?")) {
                    copy.setString(1, to.toAbsolutePath().toString());
                    return copy.execute();
                }
            });
        }
    }

    /** Sessions and packs, and where packs are durable. */
    public PackRegister packs() {
        return packs;
    }

    /** Snapshots and receipts. */
    public SnapshotRegister snapshots() {
        return snapshots;
    }

    /** Names of sites and datasets, for printing. */
    public NameRegister names() {
        return names;
    }

    /** Newest headers of sessions. */
    public HeaderRegister headers() {
        return headers;
    }

    /** What packs give to the newest trees. */
    public UseRegister uses() {
        return uses;
    }

    /** For writing back what a site shows, where this catalog was lost. */
    public CatalogRestore restore() {
        return new CatalogRestore(database);
    }

    @Override
    public void close() throws FaultException {
        database.close();
    }
}
