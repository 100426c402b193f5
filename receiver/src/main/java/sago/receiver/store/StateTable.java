package sago.receiver.store;

import java.io.IOException;
import java.util.List;

/** Tables of the database. The last column of each is a checksum over the others, which {@link StateRow} checks. Immutable. */
enum StateTable {
    /** One row: how far the journal was applied. */
    APPLIED("id INTEGER PRIMARY KEY", "sequence INTEGER", "chain BLOB"),
    /** Durable packs; added, dropped and unnamed_ms are {@link PackNames}, lost is 1 where the file was gone at the last start. */
    PACKS(
            "id BLOB PRIMARY KEY",
            "length INTEGER",
            "root BLOB",
            "session BLOB",
            "dataset BLOB",
            "sequence INTEGER",
            "added INTEGER",
            "dropped INTEGER",
            "unnamed_ms INTEGER",
            "keep_until INTEGER",
            "lost INTEGER"),
    /**
     * Sessions and their headers, whose bytes lie in files so that they can be destroyed: header_sha256 is of the first one, newest_sha256 and
     * key_epoch of the newest.
     */
    SESSIONS(
            "session BLOB PRIMARY KEY",
            "vault BLOB",
            "dataset BLOB",
            "header_sha256 BLOB",
            "newest_sha256 BLOB",
            "key_epoch INTEGER",
            "segment_bytes INTEGER",
            "pack_bytes INTEGER"),
    /** The highest sequence of a dataset grant that was shown. */
    GRANTS("dataset BLOB PRIMARY KEY", "sequence INTEGER"),
    /** Headers of key epochs below this one are gone, or go. */
    RETIRED("dataset BLOB PRIMARY KEY", "below INTEGER"),
    /** The last order of a vault. */
    ORDERS(
            "vault BLOB PRIMARY KEY",
            "sequence INTEGER",
            "order_sha256 BLOB",
            "dataset BLOB",
            "journal_sequence INTEGER",
            "chain BLOB",
            "time_ms INTEGER"),
    /** The number makes one key of dataset and sequence: 16 and 8 bytes. */
    MANIFESTS(
            "number BLOB PRIMARY KEY",
            "vault BLOB",
            "dataset BLOB",
            "sequence INTEGER",
            "manifest BLOB",
            "file_sha256 BLOB",
            "journal_sequence INTEGER",
            "chain BLOB",
            "time_ms INTEGER",
            "damaged INTEGER",
            "expired_ms INTEGER"),
    /** The highest sequence of an expiry grant that an order of a vault came with. */
    EXPIRY_GRANTS("vault BLOB PRIMARY KEY", "sequence INTEGER"),
    KEYRINGS("counter INTEGER PRIMARY KEY", "file_sha256 BLOB"),
    /** One row: the newest site grant. */
    SITE_GRANT("id INTEGER PRIMARY KEY", "envelope BLOB");

    /** Changes with the tables: a database of another version is made anew. */
    static final int VERSION = 3;

    private static final String CHECKED = "checked";

    private final String ddl;
    private final String columns;
    private final int width;

    StateTable(String... columns) {
        List<String> names = List.of(columns).stream()
                .map(c -> c.substring(0, c.indexOf(' ')))
                .toList();
        this.width = columns.length;
        this.columns = String.join(", ", names) + ", " + CHECKED;
        this.ddl = "(" + String.join(" NOT NULL, ", columns) + " NOT NULL, " + CHECKED + " INTEGER NOT NULL)";
    }

    static void createAll(SqlConnection connection) throws IOException {
        for (StateTable table : values()) {
            connection.execute("CREATE TABLE " + table + table.ddl + " WITHOUT ROWID");
        }
        connection.execute("CREATE INDEX named_packs ON PACKS(dataset, id) WHERE added > 0 AND unnamed_ms = 0");
        connection.execute("CREATE INDEX dropped_packs ON PACKS(dataset, dropped) WHERE dropped > 0");
        connection.execute("CREATE INDEX unnamed_packs ON PACKS(unnamed_ms) WHERE unnamed_ms > 0");
        connection.execute("CREATE INDEX lost_packs ON PACKS(dataset) WHERE lost > 0");
        connection.execute("CREATE INDEX hashes ON MANIFESTS(manifest)");
        connection.execute("CREATE INDEX damaged_manifests ON MANIFESTS(dataset) WHERE damaged > 0");
        connection.execute("CREATE INDEX expired_manifests ON MANIFESTS(dataset, expired_ms) WHERE expired_ms > 0");
        connection.execute("CREATE INDEX headers ON SESSIONS(header_sha256)");
        connection.execute("CREATE INDEX epochs ON SESSIONS(dataset, header_sha256)");
        connection.execute("PRAGMA user_version = " + VERSION);
    }

    /** Columns without the checksum. */
    int width() {
        return width;
    }

    /** {@code SELECT} of all columns, to be continued with a condition. */
    String select() {
        return "SELECT " + columns + " FROM " + this + " ";
    }

    String replace() {
        return "INSERT OR REPLACE INTO " + this + "(" + columns + ") VALUES (" + "?, ".repeat(width) + "?)";
    }
}
