package sago.bench.micro;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import sago.common.durable.Disk;
import sago.common.durable.DiskFile;
import sago.common.durable.DurableFiles;
import sago.common.durable.FileAccess;
import sago.common.id.DatasetId;
import sago.common.id.Hash;
import sago.common.id.PackId;
import sago.common.id.SessionId;
import sago.common.id.SiteId;
import sago.common.id.VaultId;
import sago.common.merkle.MerkleHasher;
import sago.common.pack.PackGeometry;
import sago.common.pack.PackHeader;
import sago.common.sign.Hashes;
import sago.common.time.Clock;
import sago.common.trust.SessionTerms;
import sago.receiver.store.DurableAck;
import sago.receiver.store.IncomingPack;
import sago.receiver.store.OpenedSession;
import sago.receiver.store.SiteStore;
import sago.receiver.store.StoreSettings;

/** Stores a pack of 32 MiB durably, from memory, and deletes it: the disk of the folder for scratch files is what counts here. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class StoreStep {
    static final int PACK_BYTES = 32 << 20;

    private static final PackGeometry GEOMETRY = PackGeometry.DEFAULT;
    private static final VaultId VAULT = new VaultId(1, 1);
    private static final DatasetId DATASET = new DatasetId(2, 2);
    private static final SessionId SESSION = new SessionId(3, 3);

    private final DurableFiles files = new DurableFiles(Disk.real());
    private final MerkleHasher hasher = new MerkleHasher();
    private final List<Hash> roots = new ArrayList<>();
    private ByteBuffer image;
    private Path folder;
    private SiteStore store;
    private OpenedSession session;
    private long packs;

    @Setup
    public void open() throws IOException {
        image = Disk.blocks(PACK_BYTES);
        byte[] noise = Corpus.noise(Corpus.BYTES);
        while (image.hasRemaining()) {
            image.put(noise);
        }
        for (int i = 0; i < GEOMETRY.segments(PACK_BYTES); i++) {
            roots.add(hasher.slice(slice(i)));
        }
        folder = Files.createTempDirectory("sago-bench");
        Path site = Files.createDirectory(folder.resolve("site"));
        store = SiteStore.open(StoreSettings.of(site), Clock.system(), pack -> {});
        ByteString header = ByteString.copyFromUtf8("header");
        SessionTerms terms = new SessionTerms(
                VAULT,
                DATASET,
                SESSION,
                new SiteId(4, 4),
                ByteString.copyFrom(new byte[SessionTerms.NONCE_BYTES]),
                Hashes.sha256(header),
                1,
                GEOMETRY);
        session = store.openSession(terms, 1, header, ByteString.copyFromUtf8("grant"));
    }

    @TearDown
    public void close() throws IOException {
        store.close();
        files.deleteTree(folder);
    }

    /** As a site writes: slice after slice, then the force; its folder is forced too. */
    @Benchmark
    @OperationsPerInvocation(PACK_BYTES)
    public Path durable() throws IOException {
        Path path = folder.resolve("durable");
        try (DiskFile file = files.createPastCache(path, FileAccess.PRIVATE)) {
            for (int i = 0; i < roots.size(); i++) {
                file.writeFully(slice(i), (long) i * GEOMETRY.segmentBytes());
            }
            file.force();
        }
        files.disk().delete(path);
        return path;
    }

    /** All that a site does until it acknowledges: Merkle root, file, journal. */
    @Benchmark
    @OperationsPerInvocation(PACK_BYTES)
    public DurableAck site() throws IOException {
        PackId id = new PackId(++packs << 40, packs);
        new PackHeader(GEOMETRY.segmentBytes(), VAULT, DATASET, SESSION, id).write(slice(0));
        roots.set(0, hasher.slice(slice(0)));
        IncomingPack pack = store.receive(session, id);
        for (int i = 0; i < roots.size(); i++) {
            pack.writeSlice(i, slice(i));
        }
        DurableAck ack =
                pack.end(PACK_BYTES, hasher.root(roots)).toCompletableFuture().join();
        String name = id.toString();
        files.disk()
                .delete(folder.resolve("site")
                        .resolve("packs")
                        .resolve(name.substring(0, 2))
                        .resolve(name + ".pack"));
        return ack;
    }

    /** Reference: one write, one force. */
    @Benchmark
    @OperationsPerInvocation(PACK_BYTES)
    public Path plain() throws IOException {
        Path path = folder.resolve("plain");
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            ByteBuffer all = image.duplicate().clear();
            while (all.hasRemaining()) {
                file.write(all);
            }
            file.force(true);
        }
        Files.delete(path);
        return path;
    }

    private ByteBuffer slice(int index) {
        int at = index * GEOMETRY.segmentBytes();
        return image.duplicate().clear().position(at).limit(at + GEOMETRY.segmentBytes());
    }
}
