package sago.sender.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;

class DatabaseTest {
    private static final int SQLITE_FULL = 13;

    private static final Schema SCHEMA =
            new Schema(List.of(List.of("CREATE TABLE word (text TEXT NOT NULL)")), true, 1 << 20, ": make it anew");

    @TempDir
    private Path folder;

    @Test
    void staysUsableWhereSqliteRolledBackByItselfBecauseTheDiskWasFull() throws Exception {
        try (Database database = Database.open(folder.resolve("words.db"), SCHEMA)) {
            assertThatThrownBy(() -> database.transact(connection -> {
                        execute(connection, "INSERT INTO word VALUES ('lost')");
                        execute(connection, "ROLLBACK");
                        throw new SQLException("database or disk is full", null, SQLITE_FULL);
                    }))
                    .isInstanceOfSatisfying(
                            FaultException.class, e -> assertThat(e.fault()).isEqualTo(Fault.HOME_FULL));
            database.transact(connection -> execute(connection, "INSERT INTO word VALUES ('kept')"));
            assertThat(words(database)).isEqualTo("kept");
        }
    }

    @Test
    void undoesAllOfATransactionThatFailed() throws Exception {
        try (Database database = Database.open(folder.resolve("words.db"), SCHEMA)) {
            assertThatThrownBy(() -> database.transact(connection -> {
                        execute(connection, "INSERT INTO word VALUES ('lost')");
                        execute(connection, "INSERT INTO word VALUES (NULL)");
                    }))
                    .isInstanceOfSatisfying(
                            FaultException.class, e -> assertThat(e.fault()).isEqualTo(Fault.DISK));
            database.transact(connection -> execute(connection, "INSERT INTO word VALUES ('kept')"));
            assertThat(words(database)).isEqualTo("kept");
        }
    }

    private static String words(Database database) throws FaultException {
        return database.read(connection -> {
            try (Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery("SELECT group_concat(text) FROM word")) {
                return row.getString(1);
            }
        });
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
