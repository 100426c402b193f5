package sago.sender.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sago.common.durable.Disk;
import sago.common.durable.DurableFiles;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.id.SiteId;
import sago.common.pack.PackGeometry;
import sago.common.secret.SecretBytes;
import sago.common.time.Clock;
import sago.sender.catalog.Catalog;
import sago.sender.chunk.Chunker;
import sago.sender.chunk.ChunkerParameters;
import sago.sender.chunk.FastCdc;
import sago.sender.chunk.FixedChunker;
import sago.sender.chunk.GearTable;
import sago.sender.compress.Codec;
import sago.sender.index.ChunkIndex;
import sago.sender.index.IndexBounds;
import sago.sender.index.SegmentIndex;
import sago.sender.pack.ChunkId;
import sago.sender.pack.ChunkKind;
import sago.sender.pack.ChunkRef;
import sago.sender.pack.MemoryPacks;
import sago.sender.pack.OpenPacks;
import sago.sender.pack.PackReader;
import sago.sender.pack.PackSession;
import sago.sender.pack.PackedChunk;
import sago.sender.seal.AeadProvider;
import sago.sender.seal.AeadProviders;
import sago.sender.source.SourceEntry;
import sago.sender.tree.Attributes;
import sago.sender.tree.Entry;
import sago.sender.tree.EntryKey;
import sago.sender.tree.EntryKind;
import sago.sender.tree.Extent;
import sago.sender.tree.Holes;
import sago.sender.tree.Moment;

class FileReaderTest {
    private static final AeadProvider AEADS = AeadProviders.choose();
    private static final ChunkerParameters CHUNKS = new ChunkerParameters(256, 1024, 4096);
    private static final SecretBytes KEY = SecretBytes.of(new byte[32]);
    private static final DatasetTools TOOLS = new DatasetTools(KEY, GearTable.derive(KEY), () -> Codec.LZ4);
    private static final Chunker CHUNKER = new FastCdc(GearTable.derive(KEY), CHUNKS);

    @TempDir
    Path folder;

    private final BackupCounters counters = new BackupCounters();
    private final List<String> unreadable = new ArrayList<>();
    private final PackSession session = MemoryPacks.session(new PackGeometry(8 << 10, 64 << 10));
    private final MemoryPacks packs = new MemoryPacks(session);
    private final OpenPacks open = new OpenPacks(session, packs, new SecureRandom(), AEADS::aead, 1);
    private Catalog catalog;
    private SegmentIndex index;
    private FileReader reader;

    @BeforeEach
    void makeReader() throws Exception {
        catalog = Catalog.open(folder.resolve("catalog.db"));
        index = SegmentIndex.open(folder.resolve("index"), new DurableFiles(Disk.real()), new IndexBounds(1024, 12));
        StoredChunks stored = new StoredChunks(catalog, index, new SiteId(1, 1));
        DedupChunkWriter writer = new DedupChunkWriter(TOOLS, stored, open, counters);
        reader = new FileReader(writer, CHUNKS.maxBytes(), counters, Clock.system());
    }

    @AfterEach
    void close() throws Exception {
        index.close();
        catalog.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 255, 256, 4095, 4096, 4097, 8191, 8192, 8193, 100_000})
    void readsEveryByteOnce(int length) throws Exception {
        byte[] data = noise(length);
        assertThat(join(read(data, 0, length))).isEqualTo(data);
        assertThat(counters.bytesRead.sum()).isEqualTo(length);
    }

    @Test
    void readsARangeAndNoMore() throws Exception {
        byte[] data = noise(50_000);
        byte[] part = Arrays.copyOfRange(data, 10_000, 30_000);
        assertThat(join(read(data, 10_000, 20_000))).isEqualTo(part);
        assertThat(counters.bytesRead.sum()).isEqualTo(20_000);
    }

    @Test
    void takesWhatIsThereOfAFileThatBecameShorter() throws Exception {
        byte[] data = noise(10_000);
        assertThat(join(read(data, 0, 25_000))).isEqualTo(data);
        assertThat(read(data, 12_000, 5000)).isEmpty();
    }

    @Test
    void storesAChunkOnlyOnce() throws Exception {
        byte[] data = noise(20_000);
        List<ChunkRef> first = read(data, 0, data.length);
        long stored = counters.stored(Codec.RAW).sum();
        assertThat(read(data, 0, data.length)).isEqualTo(first);
        assertThat(counters.stored(Codec.RAW).sum()).isEqualTo(stored);
        assertThat(counters.newChunks.sum()).isEqualTo(first.size());
    }

    @Test
    void countsAFileThatCannotBeReadAndGoesOn() throws Exception {
        FileStore store = store();
        Path notAFile = Files.createDirectory(folder.resolve("was-a-file"));
        assertThat(store.store(entry(notAFile))).isNull();
        assertThat(counters.unreadable.sum()).isEqualTo(1);
        assertThat(unreadable).hasSize(1).first().asString().contains("was-a-file");
        assertThat(store.store(entry(folder.resolve("gone")))).isNull();
        assertThat(counters.vanished.sum()).isEqualTo(1);
        assertThat(unreadable).hasSize(1);
    }

    @Test
    void countsALargeFileOnceHoweverManyOfItsRegionsFail() throws Exception {
        Path notAFile = Files.createDirectory(folder.resolve("was-a-file"));
        SourceEntry entry = entry(notAFile);
        LargeFile file = new LargeFile(entry, entry.entry(), Holes.NONE, CHUNKER);
        assertThat(store().store(file, file.extents(0, 50))).isNull();
        assertThat(store().store(file, file.extents(50, 50))).isNull();
        assertThat(counters.unreadable.sum()).isEqualTo(1);
    }

    @Test
    void doesNotTakeALinkForTheFileThatWasThere() throws Exception {
        Files.write(folder.resolve("secret"), noise(100));
        Path link = Files.createSymbolicLink(folder.resolve("swapped"), folder.resolve("secret"));
        assertThat(store().store(entry(link))).isNull();
        assertThat(counters.bytesRead.sum()).isZero();
        assertThat(counters.unreadable.sum()).isEqualTo(1);
    }

    @Test
    void anInterruptedReadIsNoUnreadableFile() throws Exception {
        Path file = Files.write(folder.resolve("data"), noise(5000));
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> store().store(entry(file))).isInstanceOf(InterruptedException.class);
        assertThat(counters.unreadable.sum()).isZero();
    }

    @Test
    void aFaultOfTheSessionIsNoUnreadableFile() throws Exception {
        Path file = Files.write(folder.resolve("data"), noise(5000));
        index.close();
        catalog.close();
        catalog = Catalog.open(folder.resolve("other.db"));
        FaultException fault = new FaultException(Fault.CONNECTION_LOST, "cut");
        FileStore failing =
                new FileStore(failingReader(fault), CHUNKER, counters, new SourceTrouble(counters, listener()));
        assertThatThrownBy(() -> failing.store(entry(file))).extracting("fault").isEqualTo(Fault.CONNECTION_LOST);
        assertThat(counters.unreadable.sum()).isZero();
    }

    private FileReader failingReader(FaultException fault) {
        StoredChunks stored = new StoredChunks(catalog, new FailingIndex(fault), new SiteId(1, 1));
        DedupChunkWriter writer = new DedupChunkWriter(TOOLS, stored, open, counters);
        return new FileReader(writer, CHUNKS.maxBytes(), counters, Clock.system());
    }

    private record FailingIndex(FaultException fault) implements ChunkIndex {
        @Override
        public ChunkRef find(ChunkId id) throws FaultException {
            throw fault;
        }

        @Override
        public void insert(List<PackedChunk> chunks) {}

        @Override
        public void close() {}
    }

    private FileStore store() {
        return new FileStore(reader, CHUNKER, counters, new SourceTrouble(counters, listener()));
    }

    private BackupListener listener() {
        return new BackupListener() {
            @Override
            public void unreadable(Path path, String reason) {
                unreadable.add(path + ": " + reason);
            }

            @Override
            public void vanished(Path path) {}

            @Override
            public void changed(Path path) {}

            @Override
            public void warning(String message) {}
        };
    }

    private static SourceEntry entry(Path path) {
        Attributes attributes = new Attributes(
                EntryKind.FILE,
                0644,
                0,
                0,
                new Moment(1, 0),
                new Moment(1, 0),
                new Attributes.Identity(1, 1, 1),
                100,
                0);
        return SourceEntry.at(path, Entry.of(EntryKey.ofPath("/any".getBytes(StandardCharsets.UTF_8)), attributes));
    }

    private List<ChunkRef> read(byte[] data, long start, long length) throws Exception {
        Path file = Files.write(folder.resolve("data"), data);
        try (FileChannel channel = FileChannel.open(file)) {
            return reader.read(channel, List.of(new Extent(start, length)), CHUNKER);
        }
    }

    @Test
    void readsWhatIsBetweenHolesAsIfItFollowedEachOther() throws Exception {
        byte[] data = noise(30_000);
        Path file = Files.write(folder.resolve("data"), data);
        List<Extent> extents = List.of(new Extent(100, 9000), new Extent(12_000, 10), new Extent(20_000, 10_000));
        ByteArrayOutputStream expected = new ByteArrayOutputStream();
        for (Extent extent : extents) {
            expected.write(data, (int) extent.offset(), (int) extent.length());
        }
        try (FileChannel channel = FileChannel.open(file)) {
            assertThat(join(reader.read(channel, extents, CHUNKER))).isEqualTo(expected.toByteArray());
        }
        assertThat(counters.bytesRead.sum()).isEqualTo(19_010);
    }

    @Test
    void cutsImagesIntoEqualChunksAndStoresZerosOnce() throws Exception {
        int mib = 1 << 20;
        byte[] data = new byte[5 * mib + 100];
        Arrays.fill(data, 2 * mib, 3 * mib, (byte) 7);
        Path file = Files.write(folder.resolve("data"), data);
        try (FileChannel channel = FileChannel.open(file)) {
            List<ChunkRef> refs = reader.read(channel, List.of(new Extent(0, data.length)), FixedChunker.IMAGE);
            assertThat(refs).extracting(ChunkRef::raw).containsExactly(mib, mib, mib, mib, mib, 100);
            assertThat(refs.get(1))
                    .isEqualTo(refs.get(0))
                    .isEqualTo(refs.get(3))
                    .isEqualTo(refs.get(4));
            assertThat(counters.newChunks.sum()).isEqualTo(3);
        }
    }

    private byte[] join(List<ChunkRef> refs) throws Exception {
        open.finish();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (PackReader chunks = new PackReader(packs, packs, KEY, AEADS, 1 << 20)) {
            for (ChunkRef ref : refs) {
                bytes.write(chunks.read(ref, ChunkKind.DATA));
            }
        }
        return bytes.toByteArray();
    }

    private static byte[] noise(int length) {
        byte[] noise = new byte[length];
        new Random(length).nextBytes(noise);
        return noise;
    }
}
