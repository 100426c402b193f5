package sago.sender.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sago.common.durable.Disk;
import sago.common.durable.DurableFiles;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.id.PackId;
import sago.sender.pack.ChunkId;
import sago.sender.pack.ChunkKind;
import sago.sender.pack.ChunkRef;
import sago.sender.pack.PackedChunk;

class SqliteChunkIndexTest {
    private static final IndexMemory SMALL = new IndexMemory(64 << 10, 256 << 10);

    @TempDir
    Path folder;

    private final DurableFiles files = new DurableFiles(Disk.real());
    private final Random random = new Random(11);

    @Test
    void findsWhatWasInsertedAndNothingElse() throws Exception {
        List<PackedChunk> chunks = chunks(1000);
        try (SqliteChunkIndex index = open()) {
            index.insert(chunks);
            for (PackedChunk chunk : chunks) {
                assertThat(index.find(chunk.id())).isEqualTo(chunk.ref());
            }
            for (PackedChunk other : chunks(1000)) {
                assertThat(index.find(other.id())).isNull();
            }
        }
        try (SqliteChunkIndex again = open()) {
            for (PackedChunk chunk : chunks) {
                assertThat(again.find(chunk.id())).isEqualTo(chunk.ref());
            }
        }
    }

    @Test
    void namesThePlaceWhereAChunkWasStoredLast() throws Exception {
        ChunkId id = new ChunkId(1, 2, 3, 4);
        PackedChunk first = new PackedChunk(id, ChunkKind.DATA, new ChunkRef(new PackId(1, 1), 0, 10, 10, 1));
        PackedChunk second = new PackedChunk(id, ChunkKind.DATA, new ChunkRef(new PackId(2, 2), 50, 10, 10, 1));
        try (SqliteChunkIndex index = open()) {
            index.insert(List.of(first));
            index.insert(List.of(second));
            assertThat(index.find(id)).isEqualTo(second.ref());
        }
    }

    @Test
    void countsADamagedRowAsAbsent() throws Exception {
        List<PackedChunk> chunks = chunks(10);
        try (SqliteChunkIndex index = open()) {
            index.insert(chunks);
        }
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file());
                Statement statement = connection.createStatement()) {
            statement.execute("UPDATE chunk SET place = substr(place, 1, 19) || x'01' || substr(place, 21)");
        }
        try (SqliteChunkIndex index = open()) {
            for (PackedChunk chunk : chunks) {
                ChunkRef found = index.find(chunk.id());
                assertThat(found == null || found.equals(chunk.ref())).isTrue();
            }
            assertThat(chunks.stream().filter(chunk -> found(index, chunk)).count())
                    .isLessThan(10);
        }
    }

    @Test
    void neverNamesAWrongPlaceWhateverByteOfTheFileIsFlipped() throws Exception {
        List<PackedChunk> chunks = chunks(400);
        try (SqliteChunkIndex index = open()) {
            index.insert(chunks);
        }
        byte[] sound = Files.readAllBytes(file());
        for (int i = 0; i < 60; i++) {
            Path damaged = folder.resolve("damaged-" + i + ".db");
            byte[] bytes = sound.clone();
            bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
            Files.write(damaged, bytes);
            try (SqliteChunkIndex index = SqliteChunkIndex.open(damaged, files, SMALL)) {
                for (PackedChunk chunk : chunks) {
                    ChunkRef found = index.find(chunk.id());
                    assertThat(found == null || found.equals(chunk.ref())).isTrue();
                }
                index.insert(chunks.subList(0, 5));
            } catch (FaultException e) {
                // A flipped version number: a newer program's file is refused rather than thrown away.
                assertThat(e.fault()).isEqualTo(Fault.VERSION);
            }
        }
    }

    @Test
    void setsAFileAsideThatIsNoDatabaseAndBeginsAnew() throws Exception {
        Files.write(file(), new byte[5000]);
        Files.writeString(file(), "this is not an index, but it is long enough to be looked at ".repeat(100));
        List<PackedChunk> chunks = chunks(5);
        try (SqliteChunkIndex index = open()) {
            assertThat(index.find(chunks.get(0).id())).isNull();
            index.insert(chunks);
            assertThat(index.find(chunks.get(0).id())).isEqualTo(chunks.get(0).ref());
        }
        assertThat(folder.resolve("index.db.damaged")).exists();
    }

    @Test
    void setsAFileAsideWhoseTreeIsTorn() throws Exception {
        try (SqliteChunkIndex index = open()) {
            index.insert(chunks(2000));
        }
        try (FileChannel channel = FileChannel.open(file(), StandardOpenOption.WRITE)) {
            for (int page = 1; page < channel.size() / 4096; page++) {
                channel.write(ByteBuffer.allocate(200), page * 4096L);
            }
        }
        try (SqliteChunkIndex index = open()) {
            assertThat(index.find(new ChunkId(1, 2, 3, 4))).isNull();
        }
        assertThat(folder.resolve("index.db.damaged")).exists();
    }

    @Test
    void refusesAFileOfANewerVersion() throws Exception {
        open().close();
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file());
                Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA user_version = 2");
        }
        assertThatThrownBy(this::open).extracting("fault").isEqualTo(Fault.VERSION);
    }

    @Test
    void servesManyReadersWhileOneWrites() throws Exception {
        List<PackedChunk> chunks = chunks(3000);
        List<Throwable> failures = new CopyOnWriteArrayList<>();
        try (SqliteChunkIndex index = open()) {
            index.insert(chunks.subList(0, 1000));
            List<Thread> readers = new ArrayList<>();
            for (int r = 0; r < 3; r++) {
                Thread reader = new Thread(() -> {
                    for (PackedChunk chunk : chunks.subList(0, 1000)) {
                        if (!found(index, chunk)) {
                            failures.add(new AssertionError("lost " + chunk));
                        }
                    }
                });
                readers.add(reader);
                reader.start();
            }
            index.insert(chunks.subList(1000, 2000));
            index.insert(chunks.subList(2000, 3000));
            for (Thread reader : readers) {
                reader.join();
            }
        }
        assertThat(failures).isEmpty();
    }

    @Test
    void filterKeepsMostAbsentIdsAwayFromTheFile() {
        BloomFilter filter = new BloomFilter(20_000);
        List<ChunkId> ids = chunks(10_000).stream().map(PackedChunk::id).toList();
        ids.forEach(filter::add);
        assertThat(ids).allMatch(filter::mayHold);
        assertThat(chunks(10_000).stream()
                        .map(PackedChunk::id)
                        .filter(filter::mayHold)
                        .count())
                .isLessThan(200);
    }

    @Test
    void pinsTheBytesOfARow() {
        ChunkId id = new ChunkId(0x0102030405060708L, 0x1112131415161718L, 3, 4);
        byte[] key = IndexRow.key(id);
        byte[] value = IndexRow.value(key, new ChunkRef(new PackId(7, 8), 0x10, 0x20, 0x30, id.check()));
        assertThat(HexFormat.of().formatHex(key)).isEqualTo("01020304050607081112131415161718");
        assertThat(HexFormat.of().formatHex(value, 0, 28))
                .isEqualTo("00000000000000070000000000000008" + "00000010" + "00000020" + "00000030");
        for (int at = 0; at < value.length; at++) {
            byte[] flipped = value.clone();
            flipped[at] ^= 4;
            assertThat(IndexRow.read(id, key, flipped)).isNull();
        }
    }

    private static boolean found(SqliteChunkIndex index, PackedChunk chunk) {
        try {
            return chunk.ref().equals(index.find(chunk.id()));
        } catch (FaultException e) {
            throw new IllegalStateException(e);
        }
    }

    private SqliteChunkIndex open() throws Exception {
        return SqliteChunkIndex.open(file(), files, SMALL);
    }

    private Path file() {
        return folder.resolve("index.db");
    }

    private List<PackedChunk> chunks(int count) {
        List<PackedChunk> chunks = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            ChunkId id = new ChunkId(random.nextLong(), random.nextLong(), random.nextLong(), random.nextLong());
            PackId pack = new PackId(random.nextLong(), random.nextLong());
            chunks.add(new PackedChunk(
                    id, ChunkKind.DATA, new ChunkRef(pack, random.nextInt(1 << 20), 100, 200, id.check())));
        }
        return chunks;
    }
}
