package sago.sender.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.sqlite.SQLiteConfig;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;

/**
 * Rows that are too many for memory and that nobody needs after this process: SQLite keeps them in a nameless file of the folder for
 * temporary files, which is gone when it is closed or the process ends. Confined to one thread at a time.
 */
public final class TemporaryDatabase implements AutoCloseable {
    private static final int CACHE_KIB = 4096;

    private final Connection connection;

    private TemporaryDatabase(Connection connection) {
        this.connection = connection;
    }

    /** Begins one with these tables. */
    public static TemporaryDatabase open(List<String> tables) throws FaultException {
        SQLiteConfig config = new SQLiteConfig();
        config.setCacheSize(-CACHE_KIB);
        config.setTempStore(SQLiteConfig.TempStore.FILE);
        config.setSynchronous(SQLiteConfig.SynchronousMode.OFF);
        config.setJournalMode(SQLiteConfig.JournalMode.OFF);
        try {
            Connection connection = config.createConnection("jdbc:sqlite:");
            try (Statement statement = connection.createStatement()) {
                for (String table : tables) {
                    statement.execute(table);
                }
                // One transaction that never ends: nothing is to survive.
                connection.setAutoCommit(false);
            } catch (SQLException e) {
                connection.close();
                throw e;
            }
            return new TemporaryDatabase(connection);
        } catch (SQLException e) {
            throw fault(e);
        }
    }

    /** Asks or changes; statements and results must be closed in it. */
    public <T> T run(Database.Query<T> query) throws FaultException {
        try {
            return query.run(connection);
        } catch (SQLException e) {
            throw fault(e);
        }
    }

    private static FaultException fault(SQLException e) {
        return new FaultException(Fault.DISK, "the folder for temporary files cannot be written: " + e.getMessage(), e);
    }

    @Override
    public void close() throws FaultException {
        try {
            connection.close();
        } catch (SQLException e) {
            throw fault(e);
        }
    }
}
