package sago.sender.backup;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import sago.common.id.DatasetId;
import sago.common.id.PackId;
import sago.common.id.SessionId;
import sago.common.id.SiteId;
import sago.common.id.VaultId;
import sago.common.pack.PackEntry;
import sago.common.pack.PackGeometry;
import sago.common.secret.SecretBytes;
import sago.common.time.Clock;
import sago.sender.catalog.Catalog;
import sago.sender.chunk.Chunker;
import sago.sender.chunk.ChunkerParameters;
import sago.sender.chunk.FastCdc;
import sago.sender.chunk.GearTable;
import sago.sender.compress.Codec;
import sago.sender.index.ChunkIndex;
import sago.sender.pack.ChunkId;
import sago.sender.pack.ChunkRef;
import sago.sender.pack.OpenPacks;
import sago.sender.pack.PackImage;
import sago.sender.pack.PackSession;
import sago.sender.pack.PackTransport;
import sago.sender.pack.PackedChunk;
import sago.sender.seal.AeadProviders;
import sago.sender.tree.Extent;

/** Heap that a worker takes for every MiB that it reads, chunks, names, compresses and seals. */
class AllocationTest {
    private static final int MIB = 1 << 20;
    private static final int FILE_BYTES = 64 * MIB;
    private static final SecretBytes KEY = SecretBytes.of(new byte[32]);

    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource(
            value = Codec.class,
            names = {"LZ4", "ZSTD"})
    void takesAtMostAKibibyteForEveryMebibyteUpToTheSealedSegment(Codec codec) throws Exception {
        assertThat(allocatedPerMib(codec, text())).isLessThan(1024);
    }

    /** Of what does not shrink every MiB fills four segments, for each of which the cipher's provider takes some 300 bytes. */
    @ParameterizedTest
    @EnumSource(
            value = Codec.class,
            names = {"RAW", "LZ4"})
    void takesLittleMoreForWhatDoesNotShrink(Codec codec) throws Exception {
        assertThat(allocatedPerMib(codec, noise())).isLessThan(3000);
    }

    private long allocatedPerMib(Codec codec, byte[] data) throws Exception {
        Path file = folder.resolve("file");
        Files.write(file, data);
        DatasetTools tools = new DatasetTools(KEY, GearTable.derive(KEY), () -> codec);
        Chunker chunker = new FastCdc(tools.gear(), ChunkerParameters.DEFAULT);
        PackSession session =
                new PackSession(new VaultId(1, 2), new DatasetId(3, 4), new SessionId(5, 6), KEY, PackGeometry.DEFAULT);
        OpenPacks packs = new OpenPacks(session, new OneImage(), new SecureRandom(), AeadProviders.choose()::aead, 1);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (Catalog catalog = Catalog.open(folder.resolve("catalog.db"))) {
            StoredChunks stored = new StoredChunks(catalog, new NothingKnown(), new SiteId(1, 1));
            BackupCounters counters = new BackupCounters();
            try (DedupChunkWriter writer = new DedupChunkWriter(tools, stored, packs, counters);
                    FileChannel channel = FileChannel.open(file)) {
                FileReader reader = new FileReader(writer, chunker.maxBytes(), counters, Clock.system());
                long taken = 0;
                // The first rounds load classes, grow buffers and compile.
                for (int round = 0; round < 4; round++) {
                    stored.pending().clear();
                    long before = threads.getCurrentThreadAllocatedBytes();
                    reader.read(channel, List.of(new Extent(0, FILE_BYTES)), chunker);
                    taken = threads.getCurrentThreadAllocatedBytes() - before;
                }
                return taken / (FILE_BYTES / MIB);
            }
        } finally {
            packs.abandon();
        }
    }

    private static byte[] noise() {
        byte[] noise = new byte[FILE_BYTES];
        new Random(1).nextBytes(noise);
        return noise;
    }

    private static byte[] text() {
        Random random = new Random(2);
        StringBuilder text = new StringBuilder(FILE_BYTES);
        while (text.length() < FILE_BYTES) {
            text.append("2026-11-22T07:00:00 sg accept: session ")
                    .append(random.nextInt())
                    .append(" opened\n");
        }
        return text.substring(0, FILE_BYTES).getBytes(StandardCharsets.US_ASCII);
    }

    /** A window of one image that is free again as soon as its pack is complete. */
    private static final class OneImage implements PackTransport {
        private final ByteBuffer image = ByteBuffer.allocateDirect(PackGeometry.DEFAULT.packBytes());
        private final Random ids = new Random(3);

        @Override
        public PackImage acquire() {
            return new PackImage(new PackId(ids.nextLong(), ids.nextLong()), image.clear());
        }

        @Override
        public void sliceReady(PackImage ready, int slice) {}

        @Override
        public void complete(PackImage complete, PackEntry entry, List<PackedChunk> chunks) {}

        @Override
        public void release(PackImage released) {}
    }

    private static final class NothingKnown implements ChunkIndex {
        @Override
        public @Nullable ChunkRef find(ChunkId id) {
            return null;
        }

        @Override
        public void insert(List<PackedChunk> chunks) {}

        @Override
        public void close() {}
    }
}
