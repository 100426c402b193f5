package sago.sender.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sago.common.durable.Disk;
import sago.common.durable.DurableFiles;
import sago.common.durable.SimDisk;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.id.PackId;
import sago.sender.pack.ChunkId;
import sago.sender.pack.ChunkKind;
import sago.sender.pack.ChunkRef;
import sago.sender.pack.PackedChunk;

class SegmentIndexTest {
    private static final IndexBounds SMALL = new IndexBounds(64, 12);

    @TempDir
    Path folder;

    private final DurableFiles files = new DurableFiles(Disk.real());
    private final TestChunks chunks = new TestChunks(11);

    @Test
    void findsWhatWasInsertedAndNothingElse() throws Exception {
        List<PackedChunk> chunks = chunks(5000);
        try (SegmentIndex index = open()) {
            for (int at = 0; at < chunks.size(); at += 40) {
                index.insert(chunks.subList(at, at + 40));
            }
            TestChunks.requireAll(index, chunks);
            TestChunks.requireNone(index, chunks(5000));
        }
        try (SegmentIndex again = open()) {
            TestChunks.requireAll(again, chunks);
            TestChunks.requireNone(again, chunks(5000));
        }
    }

    @Test
    void staysAtFewSegmentsWhileItGrows() throws Exception {
        List<PackedChunk> chunks = chunks(64 * 300);
        try (SegmentIndex index = onSimulatedDisk()) {
            for (int at = 0; at < chunks.size(); at += 64) {
                index.insert(chunks.subList(at, at + 64));
                index.awaitMerged();
                assertThat(index.segments()).isLessThanOrEqualTo(9);
            }
            assertThat(index.rows()).isEqualTo(chunks.size());
            TestChunks.requireAll(index, chunks);
        }
    }

    @Test
    void namesThePlaceWhereAChunkWasStoredLastAlsoAfterMerging() throws Exception {
        List<PackedChunk> first = chunks(200);
        try (SegmentIndex index = open()) {
            index.insert(first);
            List<PackedChunk> moved = new ArrayList<>();
            for (PackedChunk chunk : first) {
                moved.add(new PackedChunk(
                        chunk.id(),
                        ChunkKind.DATA,
                        new ChunkRef(new PackId(7, 7), 50, 10, 10, chunk.id().check())));
            }
            index.insert(moved);
            TestChunks.requireAll(index, moved);
            index.insert(chunks(64 * 20));
            index.awaitMerged();
            TestChunks.requireAll(index, moved);
        }
        try (SegmentIndex again = open()) {
            assertThat(again.find(first.get(0).id())).extracting(ChunkRef::pack).isEqualTo(new PackId(7, 7));
        }
    }

    @Test
    void insertsWaitWhereMergingCannotKeepUp() throws Exception {
        List<PackedChunk> chunks = chunks(64 * 30);
        SimDisk disk = new SimDisk(Path.of("/home"));
        IndexBounds two = new IndexBounds(64, 2);
        try (SegmentIndex index = SegmentIndex.open(Path.of("/home/index"), new DurableFiles(disk), two)) {
            for (int at = 0; at < chunks.size(); at += 64) {
                index.insert(chunks.subList(at, at + 64));
                assertThat(index.segments()).isLessThanOrEqualTo(2);
            }
            TestChunks.requireAll(index, chunks);
        }
    }

    @Test
    void closingUnderAnInterruptKeepsWhatWasInserted() throws Exception {
        List<PackedChunk> chunks = chunks(10);
        SegmentIndex index = open();
        index.insert(chunks);
        Thread.currentThread().interrupt();
        index.close();
        assertThat(Thread.interrupted()).isTrue();
        try (SegmentIndex again = open()) {
            TestChunks.requireAll(again, chunks);
        }
    }

    @Test
    void losesNothingWhenTheProcessIsKilled() throws Exception {
        List<PackedChunk> chunks = chunks(64 * 5 + 17);
        Path copy = folder.resolve("copy");
        try (SegmentIndex index = open()) {
            index.insert(chunks);
            index.awaitMerged();
            copy(copy);
        }
        try (SegmentIndex index = SegmentIndex.open(copy, files, SMALL)) {
            TestChunks.requireAll(index, chunks);
        }
    }

    @Test
    void dropsDamagedRowsWhenItMerges() throws Exception {
        List<PackedChunk> chunks = chunks(64);
        try (SegmentIndex index = open()) {
            index.insert(chunks);
            index.insert(chunks(1));
        }
        Path segment = list(index()).stream()
                .filter(file -> file.toString().endsWith(".segment"))
                .findFirst()
                .orElseThrow();
        try (FileChannel channel = FileChannel.open(segment, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(new byte[] {1}), channel.size() - 20);
        }
        try (SegmentIndex index = open()) {
            index.insert(chunks(64 * 4));
            index.awaitMerged();
            assertThat(TestChunks.lost(index, chunks)).isEqualTo(1);
            assertThat(index.rows()).isEqualTo(64 * 5);
        }
    }

    @Test
    void setsASegmentAsideThatIsNoneAndKeepsTheOthers() throws Exception {
        List<PackedChunk> chunks = chunks(30);
        try (SegmentIndex index = open()) {
            index.insert(chunks);
        }
        Path strange = index().resolve("0000000000000007-0000000000000009.segment");
        Files.writeString(strange, "this is not a segment");
        try (SegmentIndex index = open()) {
            TestChunks.requireAll(index, chunks);
            index.insert(chunks(200));
        }
        assertThat(index().resolve(strange.getFileName() + ".damaged")).exists();
    }

    @Test
    void refusesASegmentOfANewerVersionAndNamesIt() throws Exception {
        try (SegmentIndex index = open()) {
            index.insert(chunks(100));
        }
        Path segment = index().resolve("0000000000000000-0000000000000000.segment");
        ByteBuffer header = ByteBuffer.wrap(Files.readAllBytes(segment));
        header.putInt(8, 2);
        header.putInt(40, crc(header, 40));
        Files.write(segment, header.array());
        assertThatThrownBy(this::open)
                .hasMessageContaining("version 2, this program knows 1")
                .extracting("fault")
                .isEqualTo(Fault.VERSION);
        assertThat(segment).exists();
    }

    @Test
    void refusesALogOfANewerVersion() throws Exception {
        try (SegmentIndex index = open()) {
            index.insert(chunks(10));
        }
        Path log = index().resolve("0000000000000000.log");
        ByteBuffer header = ByteBuffer.wrap(Files.readAllBytes(log));
        header.putInt(8, 9);
        header.putInt(20, crc(header, 20));
        Files.write(log, header.array());
        assertThatThrownBy(this::open).extracting("fault").isEqualTo(Fault.VERSION);
        assertThat(log).exists();
    }

    @Test
    void servesManyReadersWhileOneWritesAndSegmentsAreMerged() throws Exception {
        List<PackedChunk> chunks = chunks(64 * 200);
        List<PackedChunk> known = chunks.subList(0, 1000);
        List<Throwable> failures = new CopyOnWriteArrayList<>();
        try (SegmentIndex index = onSimulatedDisk()) {
            index.insert(known);
            List<Thread> readers = new ArrayList<>();
            for (int r = 0; r < 3; r++) {
                Thread reader = new Thread(() -> {
                    for (int round = 0; round < 10; round++) {
                        for (PackedChunk chunk : known) {
                            if (!found(index, chunk)) {
                                failures.add(new AssertionError("lost " + chunk));
                            }
                        }
                    }
                });
                readers.add(reader);
                reader.start();
            }
            for (int at = 1000; at < chunks.size(); at += 40) {
                index.insert(chunks.subList(at, Math.min(at + 40, chunks.size())));
            }
            for (Thread reader : readers) {
                reader.join();
            }
            TestChunks.requireAll(index, chunks);
        }
        assertThat(failures).isEmpty();
    }

    @Test
    void aReaderThatIsInterruptedDoesNotTakeTheIndexFromTheOthers() throws Exception {
        List<PackedChunk> chunks = chunks(100);
        try (SegmentIndex index = open()) {
            index.insert(chunks);
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> index.find(chunks.get(0).id()))
                    .extracting("fault")
                    .isEqualTo(Fault.INTERRUPTED);
            assertThat(Thread.interrupted()).isTrue();
            TestChunks.requireAll(index, chunks);
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> index.insert(chunks(1)))
                    .extracting("fault")
                    .isEqualTo(Fault.INTERRUPTED);
            assertThat(Thread.interrupted()).isTrue();
            List<PackedChunk> more = chunks(300);
            index.insert(more);
            TestChunks.requireAll(index, more);
        }
    }

    @Test
    void takesKeysThatAreNotSpreadAtAll() throws Exception {
        List<PackedChunk> chunks = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            ChunkId id = new ChunkId(5, i, 0, 0);
            chunks.add(new PackedChunk(id, ChunkKind.DATA, new ChunkRef(new PackId(1, i), i, 1, 1, id.check())));
        }
        try (SegmentIndex index = open()) {
            index.insert(chunks);
            index.awaitMerged();
            TestChunks.requireAll(index, chunks);
            assertThat(index.find(new ChunkId(5, 1000, 0, 0))).isNull();
            assertThat(index.find(new ChunkId(-1, 0, 0, 0))).isNull();
        }
    }

    private static int crc(ByteBuffer bytes, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes.duplicate().position(0).limit(length));
        return (int) crc.getValue();
    }

    private static boolean found(SegmentIndex index, PackedChunk chunk) {
        try {
            return chunk.ref().equals(index.find(chunk.id()));
        } catch (FaultException e) {
            throw new IllegalStateException(e);
        }
    }

    private SegmentIndex open() throws FaultException {
        return SegmentIndex.open(index(), files, SMALL);
    }

    /** Where forces cost nothing. */
    private static SegmentIndex onSimulatedDisk() throws FaultException {
        return SegmentIndex.open(Path.of("/home/index"), new DurableFiles(new SimDisk(Path.of("/home"))), SMALL);
    }

    private Path index() {
        return folder.resolve("index");
    }

    private static List<Path> list(Path folder) throws IOException {
        try (Stream<Path> names = Files.list(folder)) {
            return names.sorted().toList();
        }
    }

    private void copy(Path to) throws IOException {
        Files.createDirectory(to);
        for (Path file : list(index())) {
            Files.copy(file, to.resolve(file.getFileName()));
        }
    }

    private List<PackedChunk> chunks(int count) {
        return chunks.next(count);
    }
}
