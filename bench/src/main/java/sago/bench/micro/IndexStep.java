package sago.bench.micro;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
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
import sago.common.fault.FaultException;
import sago.common.id.PackId;
import sago.sender.index.ChunkIndex;
import sago.sender.index.IndexBounds;
import sago.sender.index.SegmentIndex;
import sago.sender.pack.ChunkId;
import sago.sender.pack.ChunkKind;
import sago.sender.pack.ChunkRef;
import sago.sender.pack.PackedChunk;

/** Looks chunks up and notes new ones. The index grows while it is inserted into. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class IndexStep {
    static final int CHUNKS = 1024;
    private static final int CHUNKS_PER_PACK = 32;
    private static final int CHUNK_BYTES = 1 << 20;

    /** Chunks in the index at the beginning. */
    @Param("100000")
    private int entries;

    private final SplittableRandom random = new SplittableRandom(7);
    private final List<ChunkId> absent = new ArrayList<>();
    private final List<ChunkId> present = new ArrayList<>();
    private final Map<ChunkId, ChunkRef> map = new HashMap<>();
    private Path folder;
    private ChunkIndex index;

    @Setup
    public void fill() throws IOException {
        folder = Files.createTempDirectory("sago-bench");
        index = SegmentIndex.open(folder.resolve("index"), new DurableFiles(Disk.real()), IndexBounds.DEFAULT);
        for (int i = 0; i < CHUNKS; i++) {
            absent.add(id());
        }
        for (int left = entries; left > 0; left -= CHUNKS_PER_PACK) {
            List<PackedChunk> pack = pack();
            index.insert(pack);
            note(pack);
            if (present.size() < CHUNKS) {
                pack.forEach(chunk -> present.add(chunk.id()));
            }
        }
    }

    @TearDown
    public void close() throws IOException {
        index.close();
        new DurableFiles(Disk.real()).deleteTree(folder);
    }

    /** Look-ups of new chunks, as in a first backup. How many were found: none. */
    @Benchmark
    @OperationsPerInvocation(CHUNKS)
    public int absent() throws FaultException {
        return found(absent);
    }

    /** Look-ups of known chunks, as in a changed file. */
    @Benchmark
    @OperationsPerInvocation(CHUNKS)
    public int present() throws FaultException {
        return found(present);
    }

    /** Chunks of packs that became durable. */
    @Benchmark
    @OperationsPerInvocation(CHUNKS)
    public ChunkIndex insert() throws FaultException {
        for (int i = 0; i < CHUNKS; i += CHUNKS_PER_PACK) {
            index.insert(pack());
        }
        return index;
    }

    /** Reference: look-ups in a map that holds all in memory. */
    @Benchmark
    @OperationsPerInvocation(CHUNKS)
    public int memory() {
        int found = 0;
        for (ChunkId id : present) {
            found += count(map.get(id));
        }
        return found;
    }

    private int found(List<ChunkId> ids) throws FaultException {
        int found = 0;
        for (ChunkId id : ids) {
            found += count(index.find(id));
        }
        return found;
    }

    private static int count(@Nullable ChunkRef ref) {
        return ref == null ? 0 : 1;
    }

    private void note(List<PackedChunk> pack) {
        pack.forEach(chunk -> map.put(chunk.id(), chunk.ref()));
    }

    private List<PackedChunk> pack() {
        PackId pack = new PackId(random.nextLong(), random.nextLong());
        List<PackedChunk> chunks = new ArrayList<>();
        for (int i = 0; i < CHUNKS_PER_PACK; i++) {
            ChunkId id = id();
            ChunkRef ref = new ChunkRef(pack, i * CHUNK_BYTES, CHUNK_BYTES, CHUNK_BYTES, id.check());
            chunks.add(new PackedChunk(id, ChunkKind.DATA, ref));
        }
        return chunks;
    }

    private ChunkId id() {
        return new ChunkId(random.nextLong(), random.nextLong(), random.nextLong(), random.nextLong());
    }

    /** For a run without JMH. */
    void choose(int size) throws IOException {
        entries = size;
        fill();
    }
}
