package sago.receiver.store;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.sqlite.SQLiteConfig;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;

/** One connection to the database with its prepared statements. Thread-safe by its monitor. */
final class SqlConnection implements AutoCloseable {
    /** Reads one row. */
    interface RowReader<T> {
        T read(ResultSet row) throws SQLException, IOException;
    }

    /** Several statements that are done together or not at all. */
    interface Work {
        void run() throws IOException;
    }

    private static final int BUSY_TIMEOUT_MS = 30_000;
    private static final int CACHE_KIB = 8 << 10;

    private final Path file;
    private final Connection connection;
    private final Map<String, PreparedStatement> statements = new HashMap<>();

    private SqlConnection(Path file, Connection connection) {
        this.file = file;
        this.connection = connection;
    }

    static SqlConnection open(Path file) throws IOException {
        SQLiteConfig config = new SQLiteConfig();
        config.setJournalMode(SQLiteConfig.JournalMode.WAL);
        config.setSynchronous(SQLiteConfig.SynchronousMode.NORMAL);
        config.setBusyTimeout(BUSY_TIMEOUT_MS);
        config.setCacheSize(-CACHE_KIB);
        try {
            return new SqlConnection(file, config.createConnection("jdbc:sqlite:" + file));
        } catch (SQLException e) {
            throw fault(file, e);
        }
    }

    synchronized void execute(String sql) throws IOException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw fault(file, e);
        }
    }

    synchronized int update(String sql, Object... values) throws IOException {
        try {
            return bind(sql, values).executeUpdate();
        } catch (SQLException e) {
            throw fault(file, e);
        }
    }

    synchronized <T> List<T> all(String sql, RowReader<T> reader, Object... values) throws IOException {
        try (ResultSet rows = bind(sql, values).executeQuery()) {
            List<T> result = new ArrayList<>();
            while (rows.next()) {
                result.add(reader.read(rows));
            }
            return result;
        } catch (SQLException e) {
            throw fault(file, e);
        }
    }

    <T> Optional<T> one(String sql, RowReader<T> reader, Object... values) throws IOException {
        return all(sql, reader, values).stream().findFirst();
    }

    synchronized void transaction(Work work) throws IOException {
        execute("BEGIN IMMEDIATE");
        boolean done = false;
        try {
            work.run();
            execute("COMMIT");
            done = true;
        } finally {
            if (!done) {
                execute("ROLLBACK");
            }
        }
    }

    private PreparedStatement bind(String sql, Object... values) throws SQLException {
        PreparedStatement statement = statements.get(sql);
        if (statement == null) {
            statement = connection.prepareStatement(sql);
            statements.put(sql, statement);
        }
        for (int i = 0; i < values.length; i++) {
            statement.setObject(i + 1, values[i]);
        }
        return statement;
    }

    private static FaultException fault(Path file, SQLException e) {
        return new FaultException(
                Fault.DISK,
                file + " failed (" + e.getMessage()
                        + "): it is derived from the journal; if its disk is sound, stop the"
                        + " receiver, delete it, and start again",
                e);
    }

    @Override
    public synchronized void close() throws IOException {
        try {
            for (PreparedStatement statement : statements.values()) {
                statement.close();
            }
            connection.close();
        } catch (SQLException e) {
            throw fault(file, e);
        }
    }
}
