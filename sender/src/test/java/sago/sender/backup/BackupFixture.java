package sago.sender.backup;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import sago.common.durable.Disk;
import sago.common.durable.DurableFiles;
import sago.common.fault.FaultException;
import sago.common.id.DatasetId;
import sago.common.id.Hash;
import sago.common.id.VaultId;
import sago.common.pack.PackGeometry;
import sago.common.secret.SecretBytes;
import sago.common.sign.Hashes;
import sago.common.sign.SigningKey;
import sago.common.time.Clock;
import sago.common.trust.DatasetTerms;
import sago.sender.catalog.Catalog;
import sago.sender.catalog.Snapshot;
import sago.sender.chunk.ChunkerParameters;
import sago.sender.compress.Compression;
import sago.sender.index.IndexBounds;
import sago.sender.index.SegmentIndex;
import sago.sender.keys.DatasetKeys;
import sago.sender.pack.ChunkKind;
import sago.sender.pack.ChunkRef;
import sago.sender.pack.PackReader;
import sago.sender.seal.AeadProvider;
import sago.sender.seal.AeadProviders;
import sago.sender.seal.KemKeyPair;
import sago.sender.source.SourceFilter;
import sago.sender.source.SourceRoots;
import sago.sender.tree.ContentCursor;
import sago.sender.tree.Entry;
import sago.sender.tree.EntryCursor;
import sago.sender.tree.EntryKey;
import sago.sender.tree.EntryKind;
import sago.sender.tree.TreeReader;
import sago.sender.tree.TreeRoot;

/** A home, a source and a site in memory, for tests of whole runs. */
abstract class BackupFixture {
    static final SecureRandom RANDOM = new SecureRandom();
    static final AeadProvider AEADS = AeadProviders.choose();
    static final SigningKey SENDER = SigningKey.generate(RANDOM);
    static final KemKeyPair DATASET_PAIR = KemKeyPair.generate(RANDOM);
    static final PackGeometry GEOMETRY = new PackGeometry(16 << 10, 2 << 20);
    static final ChunkerParameters CHUNKS = new ChunkerParameters(1 << 10, 4 << 10, 16 << 10);
    static final long REGION = 64 << 10;
    static final long AN_HOUR_MS = 3_600_000;

    @TempDir
    Path folder;

    final DurableFiles files = new DurableFiles(Disk.real());
    final List<String> unreadable = new CopyOnWriteArrayList<>();
    final List<Path> vanished = new CopyOnWriteArrayList<>();
    final List<Path> changed = new CopyOnWriteArrayList<>();
    final List<String> warnings = new CopyOnWriteArrayList<>();
    final DatasetKeys dataset = dataset();
    final MemoryTarget target = new MemoryTarget(GEOMETRY, dataset.grant(), DATASET_PAIR.seed());
    Path source;
    HomeState home;

    @BeforeEach
    void makeSource() throws Exception {
        source = Files.createDirectory(folder.resolve("source"));
        home = openHome(Files.createDirectory(folder.resolve("state")));
        write("a.txt", text(3000));
        write("b/empty", new byte[0]);
        write("b/noise", noise(50_000, 1));
        write("b/large", noise(400_000, 2));
        Files.createSymbolicLink(source.resolve("b/link"), Path.of("../a.txt"));
        for (int i = 0; i < 300; i++) {
            write("many/" + i, text(i * 7));
        }
    }

    @AfterEach
    void close() throws Exception {
        home.index().close();
        home.catalog().close();
    }

    /** The state of a home in this folder, begun where there is none. */
    HomeState openHome(Path state) throws IOException {
        return new HomeState(
                Catalog.open(state.resolve("catalog.db")),
                SegmentIndex.open(state.resolve("index"), files, new IndexBounds(1 << 10, 12)),
                files,
                state,
                state.resolve("checkpoint"));
    }

    BackupResult run() throws FaultException, InterruptedException {
        return run(new MovedClock(AN_HOUR_MS));
    }

    BackupResult run(Clock clock) throws FaultException, InterruptedException {
        return run(means(2, clock), new CountingListener());
    }

    BackupResult run(BackupMeans means, BackupListener listener) throws FaultException, InterruptedException {
        return newRun(means, listener).run();
    }

    BackupRun newRun(BackupMeans means, BackupListener listener) throws FaultException {
        return newRun(
                means, listener, new BackupSource.Paths(SourceRoots.of(List.of(source)), SourceFilter.NONE, Set.of()));
    }

    BackupRun newRun(BackupMeans means, BackupListener listener, BackupSource what) {
        BackupOrder order =
                new BackupOrder(dataset, SENDER, 1, what, OptionalLong.empty(), Set.of(), "chuncheon", "sago test");
        return new BackupRun(home, means, order, target, listener);
    }

    static BackupMeans means(Patience patience) {
        return new BackupMeans(
                AEADS,
                RANDOM,
                new MovedClock(AN_HOUR_MS),
                2,
                CHUNKS,
                GEOMETRY,
                REGION,
                patience,
                BackupMeans.REPACK_BYTES,
                Compression.LZ4);
    }

    static BackupMeans means(int workers, Clock clock) {
        return new BackupMeans(
                AEADS,
                RANDOM,
                clock,
                workers,
                CHUNKS,
                GEOMETRY,
                REGION,
                Patience.ENDLESS,
                BackupMeans.REPACK_BYTES,
                Compression.LZ4);
    }

    Map<String, String> contents(Snapshot snapshot) throws Exception {
        Map<String, String> contents = new TreeMap<>();
        try (PackReader reader = new PackReader(target, target, dataset.idKey(), AEADS, 1 << 20)) {
            TreeReader tree = new TreeReader(reader, root(snapshot));
            EntryCursor entries = tree.all();
            for (Entry entry = entries.next(); entry != null; entry = entries.next()) {
                String path = new String(entry.key().path(), StandardCharsets.UTF_8);
                if (!path.startsWith(source.toString())) {
                    continue;
                }
                StringBuilder content = new StringBuilder(entry.kind().toString());
                if (entry.kind() == EntryKind.FILE) {
                    content.append(hash(tree.content(entry.content()), reader));
                }
                contents.put(path, content + entry.linkTarget().toStringUtf8());
            }
        }
        return contents;
    }

    static String hash(ContentCursor chunks, PackReader reader) throws Exception {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        for (ChunkRef ref = chunks.next(); ref != null; ref = chunks.next()) {
            digest.update(reader.read(ref, ChunkKind.DATA));
        }
        return Hash.of(digest.digest()).toString();
    }

    Map<String, String> sourceContents() throws Exception {
        Map<String, String> contents = new TreeMap<>();
        try (Stream<Path> paths = Files.walk(source)) {
            for (Path path : (Iterable<Path>) paths::iterator) {
                String content;
                if (Files.isSymbolicLink(path)) {
                    content = "SYMLINK" + Files.readSymbolicLink(path);
                } else if (Files.isDirectory(path)) {
                    content = "DIRECTORY";
                } else {
                    content = "FILE" + Hashes.sha256(Files.readAllBytes(path));
                }
                contents.put(path.toString(), content);
            }
        }
        return contents;
    }

    List<Integer> rawLengths(BackupResult result) throws Exception {
        List<Integer> lengths = new ArrayList<>();
        try (PackReader reader = new PackReader(target, target, dataset.idKey(), AEADS, 1 << 20)) {
            TreeReader tree = new TreeReader(reader, root(result.snapshot()));
            Entry entry = Objects.requireNonNull(tree.find(
                    EntryKey.ofPath(source.resolve("b/large").toString().getBytes(StandardCharsets.UTF_8))));
            ContentCursor chunks = tree.content(entry.content());
            for (ChunkRef ref = chunks.next(); ref != null; ref = chunks.next()) {
                lengths.add(ref.raw());
            }
        }
        return lengths;
    }

    static TreeRoot root(Snapshot snapshot) throws FaultException {
        return TreeRoot.of(snapshot.body().getRoot(), snapshot.body().getRootLevel());
    }

    static DatasetKeys dataset() {
        DatasetTerms terms = new DatasetTerms(
                new VaultId(1, 1),
                new DatasetId(2, 2),
                "internal",
                1,
                DATASET_PAIR.publicKey(),
                SENDER.verifyingKey(),
                Hash.ZERO,
                Map.of(),
                Hash.ZERO,
                1,
                1,
                0);
        return new DatasetKeys(
                "test",
                terms,
                ByteString.EMPTY,
                SecretBytes.of(new byte[32]),
                SecretBytes.of(new byte[32]),
                List.of(SENDER.verifyingKey()));
    }

    void write(String name, byte[] bytes) throws IOException {
        Path path = source.resolve(name);
        Files.createDirectories(Objects.requireNonNull(path.getParent()));
        Files.write(path, bytes);
    }

    static void age(Path path) throws IOException {
        Files.setLastModifiedTime(path, FileTime.fromMillis(1_000_000));
    }

    static byte[] noise(int length, int seed) {
        byte[] noise = new byte[length];
        new Random(seed).nextBytes(noise);
        return noise;
    }

    static byte[] text(int length) {
        return "one line of text, and another\n"
                .repeat(length / 30 + 1)
                .substring(0, length)
                .getBytes(StandardCharsets.UTF_8);
    }

    final class CountingListener implements BackupListener {
        @Override
        public void unreadable(Path path, String reason) {
            unreadable.add(path + ": " + reason);
        }

        @Override
        public void vanished(Path path) {
            vanished.add(path);
        }

        @Override
        public void changed(Path path) {
            changed.add(path);
        }

        @Override
        public void warning(String message) {
            warnings.add(message);
        }
    }

    /** Wall time that runs ahead, so that files made a moment ago are settled. */
    record MovedClock(long aheadMs) implements Clock {
        @Override
        public long wallMs() {
            return Clock.system().wallMs() + aheadMs;
        }

        @Override
        public long monotonicNs() {
            return Clock.system().monotonicNs();
        }
    }
}
