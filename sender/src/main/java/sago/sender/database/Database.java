package sago.sender.database;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.sqlite.SQLiteConfig;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;

/**
 * One SQLite file with one connection, used by one thread at a time. In WAL mode, so that a killed process leaves whole transactions and
 * readers on other connections are not kept waiting. Thread-safe: callers queue.
 */
public final class Database implements AutoCloseable {
    /** Another connection, of this process or of another backup, may hold the file for the length of a checkpoint. */
    private static final int BUSY_TIMEOUT_MS = 60_000;

    /** Turning a fresh file to WAL takes milliseconds. */
    private static final int CONNECT_ATTEMPTS_MAX = 500;

    private static final long CONNECT_PAUSE_NS = 10_000_000;

    private final Path file;
    private final Schema schema;
    private final Connection connection;
    private final ReentrantLock lock = new ReentrantLock();

    private Database(Path file, Schema schema, Connection connection) {
        this.file = file;
        this.schema = schema;
        this.connection = connection;
    }

    /** A question; statements and results must be closed in it. */
    @FunctionalInterface
    public interface Query<T> {
        T run(Connection connection) throws SQLException, FaultException;
    }

    /** A change; statements must be closed in it. */
    @FunctionalInterface
    public interface Change {
        void run(Connection connection) throws SQLException, FaultException;
    }

    /**
     * Opens or creates the file, whose folder must exist, and brings it to the schema's version.
     *
     * @throws FaultException VERSION if a newer version wrote it, INTEGRITY if it is damaged, HOME_FULL, DISK
     */
    public static Database open(Path file, Schema schema) throws FaultException {
        Database database = new Database(file, schema, connect(file, schema));
        try {
            database.migrate(schema);
            return database;
        } catch (FaultException e) {
            database.close();
            throw e;
        }
    }

    private static Connection connect(Path file, Schema schema) throws FaultException {
        SQLiteConfig config = new SQLiteConfig();
        config.setJournalMode(SQLiteConfig.JournalMode.WAL);
        config.setSynchronous(
                schema.forced() ? SQLiteConfig.SynchronousMode.FULL : SQLiteConfig.SynchronousMode.NORMAL);
        config.setTransactionMode(SQLiteConfig.TransactionMode.IMMEDIATE);
        config.setBusyTimeout(BUSY_TIMEOUT_MS);
        // Negative: kibibytes rather than pages.
        config.setCacheSize((int) -Math.max(64, schema.cacheBytes() >> 10));
        // SQLite does not wait where two processes turn a fresh file to WAL at once: it says busy, whatever the
        // timeout.
        for (int attempt = 1; ; attempt++) {
            try {
                return config.createConnection("jdbc:sqlite:" + file.toAbsolutePath());
            } catch (SQLException e) {
                FaultException fault = fault(file, schema, e);
                if (fault.fault() != Fault.LOCKED || attempt == CONNECT_ATTEMPTS_MAX) {
                    throw fault;
                }
                LockSupport.parkNanos(CONNECT_PAUSE_NS);
            }
        }
    }

    /** Another process may do the same at the same time, so each step looks again, alone. */
    private void migrate(Schema schema) throws FaultException {
        int version = read(Database::version);
        if (version < 0 || version > schema.version()) {
            throw new FaultException(
                    Fault.VERSION,
                    file + " has version " + version + ", this program knows " + schema.version()
                            + ": use a newer one");
        }
        for (int step = version; step < schema.version(); step++) {
            int next = step;
            transact(connection -> {
                if (version(connection) == next) {
                    migrate(connection, schema.steps().get(next), next + 1);
                }
            });
        }
    }

    private static int version(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("PRAGMA user_version")) {
            return row.getInt(1);
        }
    }

    private static void migrate(Connection connection, List<String> step, int version) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String sql : step) {
                statement.execute(sql);
            }
            statement.execute("PRAGMA user_version = " + version);
        }
    }

    /** Asks, outside of a transaction. */
    public <T> T read(Query<T> query) throws FaultException {
        lock.lock();
        try {
            return query.run(connection);
        } catch (SQLException e) {
            throw fault(e);
        } finally {
            lock.unlock();
        }
    }

    /** Runs a transaction: all of it or, after any exception, nothing. */
    public void transact(Change change) throws FaultException {
        lock.lock();
        try {
            connection.setAutoCommit(false);
            try {
                change.run(connection);
                connection.commit();
            } catch (SQLException | FaultException | RuntimeException e) {
                abandon(e);
                throw e;
            }
            connection.setAutoCommit(true);
        } catch (SQLException e) {
            throw fault(e);
        } finally {
            lock.unlock();
        }
    }

    /** Where the disk is full SQLite may have rolled back by itself: then neither of these finds a transaction, and the cause stays the cause. */
    private void abandon(Exception cause) {
        try {
            connection.rollback();
        } catch (SQLException e) {
            cause.addSuppressed(e);
        }
        try {
            connection.setAutoCommit(true);
        } catch (SQLException e) {
            cause.addSuppressed(e);
        }
    }

    public Path file() {
        return file;
    }

    @Override
    public void close() throws FaultException {
        lock.lock();
        try {
            connection.close();
        } catch (SQLException e) {
            throw fault(e);
        } finally {
            lock.unlock();
        }
    }

    private FaultException fault(SQLException cause) {
        return fault(file, schema, cause);
    }

    /** What an error of SQLite means to whoever runs the program; the low byte of its code is the primary one. */
    private static FaultException fault(Path file, Schema schema, SQLException cause) {
        Fault fault = switch (cause.getErrorCode() & 0xff) {
            case 11, 26 -> Fault.INTEGRITY;
            case 13 -> Fault.HOME_FULL;
            case 5, 6 -> Fault.LOCKED;
            default -> Fault.DISK;
        };
        String what = switch (fault) {
            case INTEGRITY -> " is damaged: ";
            case HOME_FULL -> ": the disk of the home folder is full: ";
            case LOCKED -> " is in use by another program: ";
            default -> " cannot be read or written: ";
        };
        String advice = fault == Fault.INTEGRITY ? schema.cure() : "";
        return new FaultException(fault, file + what + cause.getMessage() + advice, cause);
    }
}
