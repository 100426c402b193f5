package sago.bench.micro;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import sago.common.durable.Disk;
import sago.common.durable.DurableFiles;
import sago.common.secret.KernelRandom;
import sago.common.secret.SecretBytes;
import sago.sender.backup.BackupResult;
import sago.sender.chunk.Chunker;
import sago.sender.chunk.ChunkerParameters;
import sago.sender.chunk.FastCdc;
import sago.sender.chunk.GearTable;
import sago.sender.compress.ChunkCompressor;
import sago.sender.compress.Codec;
import sago.sender.pack.ChunkId;
import sago.sender.pack.ChunkIds;
import sago.sender.pack.ChunkKind;
import sago.sender.pack.OpenPacks;
import sago.sender.seal.AeadProviders;

/** The whole way of a sender from files in the page cache to sealed packs, whose transport forgets them. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class PathStep {
    /** Four regions, so that two workers have something to share. */
    static final int BYTES = 256 << 20;

    private static final int READ_BYTES = 512 << 10;
    private static final int STAMP_EVERY_BYTES = 64 << 10;
    private static final int WINDOW_PACKS = 6;

    @Param({"logs", "noise"})
    private String data;

    private final byte[] buffer = new byte[Corpus.BYTES];
    private final Sink sink = new Sink(PackStep.GEOMETRY);
    private int bytes = BYTES;
    private Path folder;
    private Path file;
    private SinkTarget target;
    private BackupHome home;
    private Pieces pieces;

    /** Allocation between sealed segments, of all threads that seal: JMH's own account misses threads that have ended. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.OPERATIONS)
    public static class Allocation {
        public long allocatedBytes;
    }

    @Setup
    public void write() throws IOException {
        byte[] part = data.equals("logs") ? Corpus.logs(Corpus.BYTES) : Corpus.noise(Corpus.BYTES);
        folder = Files.createTempDirectory("sago-bench");
        file = folder.resolve("data");
        try (FileChannel out = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            for (int written = 0; written < bytes; written += Corpus.BYTES) {
                // Every part differs, so that nothing is a chunk that is stored already.
                for (int at = 0; at < Corpus.BYTES; at += STAMP_EVERY_BYTES) {
                    ByteBuffer.wrap(part).putInt(at, written + at);
                }
                out.write(ByteBuffer.wrap(part));
            }
        }
        target = new SinkTarget(PackStep.GEOMETRY, WINDOW_PACKS);
        pieces = new Pieces(sink);
    }

    @Setup(Level.Invocation)
    public void begin() throws IOException {
        home = new BackupHome();
    }

    @TearDown(Level.Invocation)
    public void end() throws IOException {
        home.close();
    }

    @TearDown
    public void delete() throws IOException {
        new DurableFiles(Disk.real()).deleteTree(folder);
    }

    /** As a sender with one worker, which shares its core with walker, tree and catalog. */
    @Benchmark
    @OperationsPerInvocation(BYTES)
    public BackupResult worker1(Allocation allocation) throws IOException, InterruptedException {
        return backup(1, allocation);
    }

    @Benchmark
    @OperationsPerInvocation(BYTES)
    public BackupResult worker2(Allocation allocation) throws IOException, InterruptedException {
        return backup(2, allocation);
    }

    /** Reference: the pieces of a worker in one loop, without index, tree and catalog. Slices that were sealed so far. */
    @Benchmark
    @OperationsPerInvocation(BYTES)
    public long pieces() throws IOException, InterruptedException {
        pieces.compressor.beginStream();
        try (FileChannel in = FileChannel.open(file, StandardOpenOption.READ)) {
            int start = 0;
            int end = 0;
            while (true) {
                System.arraycopy(buffer, start, buffer, 0, end - start);
                end -= start;
                start = 0;
                int read = 0;
                while (end < buffer.length && read >= 0) {
                    read = in.read(ByteBuffer.wrap(buffer, end, Math.min(READ_BYTES, buffer.length - end)));
                    end += Math.max(read, 0);
                }
                if (end == 0) {
                    return sink.slices();
                }
                while (end - start >= pieces.chunker.maxBytes() || (read < 0 && start < end)) {
                    start += pieces.store(buffer, start, end - start);
                }
            }
        }
    }

    /** For a run without JMH. */
    void choose(String name, int fileBytes) throws IOException {
        data = name;
        bytes = fileBytes;
        write();
        begin();
    }

    private BackupResult backup(int workers, Allocation allocation) throws IOException, InterruptedException {
        BackupResult result = home.run(folder, target, workers);
        allocation.allocatedBytes += target.takeAllocatedBytes();
        return result;
    }

    /** What one worker works with. Confined to one thread. */
    private static final class Pieces {
        private static final SecureRandom RANDOM = KernelRandom.create();

        private final SecretBytes key = SecretBytes.of(Corpus.noise(32));
        private final Chunker chunker = new FastCdc(GearTable.derive(key), ChunkerParameters.DEFAULT);
        private final ChunkIds ids = new ChunkIds(key);
        private final ChunkCompressor compressor = new ChunkCompressor();
        private final OpenPacks packs;

        Pieces(Sink sink) {
            packs = new OpenPacks(
                    PackStep.SESSION, sink, RANDOM, () -> AeadProviders.choose().aead(), 1);
        }

        int store(byte[] bytes, int offset, int length) throws IOException, InterruptedException {
            int cut = chunker.cut(bytes, offset, length);
            ChunkId id = ids.of(ChunkKind.DATA, bytes, offset, cut);
            Codec codec = compressor.compress(bytes, offset, cut);
            packs.append(
                    id,
                    ChunkKind.DATA,
                    codec,
                    cut,
                    ByteBuffer.wrap(compressor.stored(), compressor.storedOffset(), compressor.storedLength()));
            return cut;
        }
    }
}
