package sago.sender.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sago.common.durable.Disk;
import sago.common.durable.DurableFiles;
import sago.common.fault.Fault;
import sago.sender.pack.PackedChunk;

/** Homes that have an index of 0.1, an SQLite file, go on with what it knows. */
class SqliteRowsTest {
    private static final IndexBounds SMALL = new IndexBounds(64, 12);

    @TempDir
    Path folder;

    private final DurableFiles files = new DurableFiles(Disk.real());
    private final List<PackedChunk> chunks = new TestChunks(4).next(500);

    @Test
    void takesOverWhatAnOldIndexKnows() throws Exception {
        writeDatabase("");
        try (SegmentIndex index = open()) {
            TestChunks.requireAll(index, chunks);
            assertThat(index.rows()).isEqualTo(500);
        }
        assertThat(names()).containsExactly("set");
        try (SegmentIndex again = open()) {
            TestChunks.requireAll(again, chunks);
        }
    }

    @Test
    void anOldIndexThatCameLaterIsTheNewer() throws Exception {
        List<PackedChunk> others = new TestChunks(9).next(200);
        try (SegmentIndex index = open()) {
            index.insert(others);
        }
        writeDatabase("");
        try (SegmentIndex index = open()) {
            TestChunks.requireAll(index, chunks);
            TestChunks.requireAll(index, others);
        }
    }

    @Test
    void leavesOutRowsThatAreDamaged() throws Exception {
        writeDatabase(
                "UPDATE chunk SET place = substr(place, 1, 19) || x'01' || substr(place, 21) WHERE substr(id, 1, 1) < x'40'");
        try (SegmentIndex index = open()) {
            assertThat(TestChunks.lost(index, chunks)).isBetween(1, 499);
        }
    }

    @Test
    void keepsWhatCouldBeReadOfATornDatabase() throws Exception {
        writeDatabase("");
        try (FileChannel channel = FileChannel.open(database(), StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.allocate(4096), channel.size() - 4096);
        }
        try (SegmentIndex index = open()) {
            assertThat(TestChunks.lost(index, chunks)).isBetween(1, 499);
            index.insert(chunks);
            TestChunks.requireAll(index, chunks);
        }
        assertThat(names()).containsExactly("set", "set.db.damaged");
    }

    @Test
    void setsAFileAsideThatIsNoDatabase() throws Exception {
        Files.writeString(database(), "this is not an index, but it is long enough to be looked at ".repeat(100));
        try (SegmentIndex index = open()) {
            index.insert(chunks);
            TestChunks.requireAll(index, chunks);
        }
        assertThat(names()).containsExactly("set", "set.db.damaged");
    }

    @Test
    void refusesADatabaseOfANewerVersion() throws Exception {
        writeDatabase("PRAGMA user_version = 2");
        assertThatThrownBy(this::open)
                .hasMessageContaining("version 2, this program knows 1")
                .extracting("fault")
                .isEqualTo(Fault.VERSION);
        assertThat(database()).exists();
    }

    private void writeDatabase(String then) throws Exception {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database());
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE chunk (id BLOB PRIMARY KEY, place BLOB NOT NULL) WITHOUT ROWID");
            statement.execute("PRAGMA user_version = 1");
            connection.setAutoCommit(false);
            try (PreparedStatement insert = connection.prepareStatement("INSERT INTO chunk VALUES (?, ?)")) {
                for (PackedChunk chunk : chunks) {
                    ByteBuffer row = ByteBuffer.allocate(IndexRow.BYTES);
                    IndexRow.write(row, chunk.id(), chunk.ref());
                    insert.setBytes(1, Arrays.copyOfRange(row.array(), 0, IndexRow.KEY_BYTES));
                    insert.setBytes(2, Arrays.copyOfRange(row.array(), IndexRow.KEY_BYTES, IndexRow.BYTES));
                    insert.executeUpdate();
                }
            }
            connection.commit();
            connection.setAutoCommit(true);
            if (!then.isEmpty()) {
                statement.execute(then);
            }
        }
    }

    private List<String> names() throws IOException {
        return files.list(folder);
    }

    private Path database() {
        return folder.resolve("set.db");
    }

    private SegmentIndex open() throws Exception {
        return SegmentIndex.open(folder.resolve("set"), files, SMALL);
    }
}
