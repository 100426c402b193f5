package sago.sender.catalog;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import sago.common.fault.FaultException;
import sago.common.id.DatasetId;
import sago.common.id.SiteId;
import sago.sender.database.Database;

/** Names that sites and datasets had when they were last used. For printing only. Thread-safe. */
public final class NameRegister {
    private final Database database;

    NameRegister(Database database) {
        this.database = database;
    }

    public void note(SiteId site, String siteName, DatasetId dataset, String datasetName) throws FaultException {
        database.transact(connection -> {
            put(connection, "INSERT OR REPLACE INTO site (id, name) VALUES (?, ?)", site.toBytes(), siteName);
            put(connection, "INSERT OR REPLACE INTO dataset (id, name) VALUES (?, ?)", dataset.toBytes(), datasetName);
        });
    }

    public Optional<String> site(SiteId site) throws FaultException {
        return find("SELECT name FROM site WHERE id = ?", site.toBytes());
    }

    public Optional<String> dataset(DatasetId dataset) throws FaultException {
        return find("SELECT name FROM dataset WHERE id = ?", dataset.toBytes());
    }

    private static void put(Connection connection, String sql, byte[] id, String name) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(sql)) {
            insert.setBytes(1, id);
            insert.setString(2, name);
            insert.executeUpdate();
        }
    }

    private Optional<String> find(String sql, byte[] id) throws FaultException {
        return database.read(connection -> {
            try (PreparedStatement select = connection.prepareStatement(sql)) {
                select.setBytes(1, id);
                try (ResultSet row = select.executeQuery()) {
                    return row.next() ? Optional.ofNullable(row.getString(1)) : Optional.empty();
                }
            }
        });
    }
}
