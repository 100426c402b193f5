package sago.sender.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.io.RandomAccessFile;
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
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sago.common.durable.Disk;
import sago.common.durable.DurableFiles;
import sago.common.fault.Fault;
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
import sago.common.trust.StubTerms;
import sago.sender.catalog.Catalog;
import sago.sender.catalog.Snapshot;
import sago.sender.chunk.ChunkerParameters;
import sago.sender.index.IndexMemory;
import sago.sender.index.SqliteChunkIndex;
import sago.sender.keys.DatasetKeys;
import sago.sender.pack.ChunkKind;
import sago.sender.pack.ChunkRef;
import sago.sender.pack.PackReader;
import sago.sender.pack.PackSession;
import sago.sender.pack.SnapshotBodies;
import sago.sender.proto.SnapshotBody;
import sago.sender.seal.AeadProvider;
import sago.sender.seal.AeadProviders;
import sago.sender.seal.KemKeyPair;
import sago.sender.source.SourceRoots;
import sago.sender.tree.ContentCursor;
import sago.sender.tree.Entry;
import sago.sender.tree.EntryCursor;
import sago.sender.tree.EntryKey;
import sago.sender.tree.EntryKind;
import sago.sender.tree.TreeReader;
import sago.sender.tree.TreeRoot;

class BackupRunTest {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final AeadProvider AEADS = AeadProviders.choose();
    private static final SigningKey SENDER = SigningKey.generate(RANDOM);
    private static final KemKeyPair DATASET_PAIR = KemKeyPair.generate(RANDOM);
    private static final PackGeometry GEOMETRY = new PackGeometry(16 << 10, 2 << 20);
    private static final ChunkerParameters CHUNKS = new ChunkerParameters(1 << 10, 4 << 10, 16 << 10);
    private static final long REGION = 64 << 10;
    private static final long AN_HOUR_MS = 3_600_000;

    @TempDir
    Path folder;

    private final DurableFiles files = new DurableFiles(Disk.real());
    private final List<String> unreadable = new CopyOnWriteArrayList<>();
    private final List<String> warnings = new CopyOnWriteArrayList<>();
    private final DatasetKeys dataset = dataset();
    private final MemoryTarget target = new MemoryTarget(GEOMETRY, dataset.grant(), DATASET_PAIR.seed());
    private Path source;
    private HomeState home;

    @BeforeEach
    void makeSource() throws Exception {
        source = Files.createDirectory(folder.resolve("source"));
        Path state = Files.createDirectory(folder.resolve("state"));
        Catalog catalog = Catalog.open(state.resolve("catalog.db"));
        SqliteChunkIndex index =
                SqliteChunkIndex.open(state.resolve("index.db"), files, new IndexMemory(1 << 16, 1 << 18));
        home = new HomeState(catalog, index, files, state);
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

    @Test
    void everythingThatWasBackedUpComesBackBitForBit() throws Exception {
        BackupResult result = run();
        assertThat(result.unreadable()).isZero();
        assertThat(contents(result.snapshot())).isEqualTo(sourceContents());
        assertThat(result.snapshot().body().getFiles()).isEqualTo(304);
        assertThat(result.snapshot().body().getPaths(0)).isEqualTo(ByteString.copyFromUtf8(source.toString()));
        assertThat(result.receipt()).isEqualTo(ByteString.copyFromUtf8("receipt of 1"));
        assertThat(home.catalog().snapshots().list()).containsExactly(result.snapshot());
        assertThat(result.progress().bytesRead())
                .isEqualTo(result.snapshot().body().getBytes());
        assertThat(target.imagesOutMax).isLessThan(MemoryTarget.IMAGES);
    }

    @Test
    void theSealedBodySaysWhatTheCatalogSays() throws Exception {
        BackupResult result = run();
        StubTerms terms = Objects.requireNonNull(target.lastStub).terms();
        PackSession session = new PackSession(
                terms.vault(), terms.dataset(), terms.session(), target.sessionKey(terms.session()), GEOMETRY);
        byte[] sealed = Objects.requireNonNull(target.lastBody).toByteArray();
        SnapshotBody body = SnapshotBodies.open(session, terms.sequence(), sealed, AEADS.aead());
        assertThat(body).isEqualTo(result.snapshot().body());
        assertThat(result.snapshot().hash()).isEqualTo(target.head().manifest());
    }

    @Test
    void anUnchangedTreeIsNotReadAgain() throws Exception {
        run();
        long stored = target.storedBytes();
        BackupResult second = run();
        assertThat(second.progress().bytesRead()).isZero();
        assertThat(second.progress().filesRead()).isZero();
        assertThat(target.storedBytes() - stored).isLessThanOrEqualTo(64 << 10);
        assertThat(contents(second.snapshot())).isEqualTo(sourceContents());
        assertThat(second.snapshot().sequence()).isEqualTo(2);
    }

    @Test
    void aChangedFileSendsOnlyItsNewChunks() throws Exception {
        run();
        try (RandomAccessFile file =
                new RandomAccessFile(source.resolve("b/large").toFile(), "rw")) {
            file.seek(100_000);
            file.write(7);
        }
        age(source.resolve("b/large"));
        BackupResult second = run();
        assertThat(second.progress().filesRead()).isEqualTo(1);
        assertThat(second.progress().bytesRead()).isEqualTo(400_000);
        assertThat(second.progress().newBytes()).isLessThan(150_000);
        assertThat(contents(second.snapshot())).isEqualTo(sourceContents());
    }

    @Test
    void aFileThatMayStillChangeUnderItsTimeIsReadAgain() throws Exception {
        run(new MovedClock(0));
        Files.writeString(source.resolve("just-now"), "fresh");
        run(new MovedClock(0));
        BackupResult third = run(new MovedClock(AN_HOUR_MS));
        assertThat(third.progress().filesRead()).isGreaterThan(0);
        BackupResult fourth = run(new MovedClock(AN_HOUR_MS));
        assertThat(fourth.progress().filesRead()).isZero();
    }

    @Test
    void whatWasDurableBeforeTheCutIsNotSentAgain() throws Exception {
        write("huge", noise(12 << 20, 3));
        target.packsUntilFailure = 3;
        assertThatThrownBy(this::run).extracting("fault").isEqualTo(Fault.CONNECTION_LOST);
        assertThat(target.packs()).isEqualTo(3);
        target.packsUntilFailure = Integer.MAX_VALUE;
        BackupResult result = run();
        BackupProgress progress = result.progress();
        long found = progress.bytesRead() - progress.newBytes();
        assertThat(found).isGreaterThan(3L * (2 << 20) * 9 / 10);
        assertThat(Objects.requireNonNull(target.lastStub).terms().added().size())
                .isEqualTo(target.packs());
        assertThat(target.lastStub.terms().sessionHeaders()).hasSize(2);
        assertThat(contents(result.snapshot())).isEqualTo(sourceContents());
    }

    @Test
    void packsThatTheSiteLostBeforeTheNextRunAreStoredAnew() throws Exception {
        write("huge", noise(12 << 20, 3));
        target.packsUntilFailure = 3;
        assertThatThrownBy(this::run).extracting("fault").isEqualTo(Fault.CONNECTION_LOST);
        target.packsUntilFailure = Integer.MAX_VALUE;
        target.forgetEverything();
        BackupResult result = run();
        assertThat(contents(result.snapshot())).isEqualTo(sourceContents());
    }

    @Test
    void missingPacksAreStoredAgainInTheSameSession() throws Exception {
        target.commitsThatMiss = 2;
        BackupResult result = run();
        assertThat(contents(result.snapshot())).isEqualTo(sourceContents());
        assertThat(result.snapshot().body().getFiles()).isEqualTo(304);
        assertThat(warnings).hasSize(2);
    }

    @Test
    void aSiteThatLosesPacksAgainAndAgainIsGivenUp() {
        target.commitsThatMiss = 10;
        assertThatThrownBy(this::run).extracting("fault").isEqualTo(Fault.INTEGRITY);
    }

    @Test
    void packsOfOlderSnapshotsThatTheSiteLostAreDroppedAndTheirChunksStoredAnew() throws Exception {
        run();
        Files.writeString(source.resolve("new"), "another file");
        target.loseAPackOfTheNewestSnapshot();
        BackupResult second = run();
        assertThat(contents(second.snapshot())).isEqualTo(sourceContents());
        assertThat(Objects.requireNonNull(target.lastStub).terms().dropped().size())
                .isEqualTo(1);
    }

    @Test
    void aConflictSaysThatADatasetHasOneSender() {
        target.conflict = true;
        assertThatThrownBy(this::run)
                .hasMessageContaining("one sender at a time")
                .extracting("fault")
                .isEqualTo(Fault.LOCKED);
    }

    @Test
    void aSnapshotWhoseReceiptWasLostIsFoundByTheNextRun() throws Exception {
        target.loseReceipt = true;
        assertThatThrownBy(this::run).extracting("fault").isEqualTo(Fault.CONNECTION_LOST);
        Hash lost = target.head().manifest();
        target.loseReceipt = false;
        BackupResult second = run();
        assertThat(second.snapshot().sequence()).isEqualTo(2);
        assertThat(home.catalog().snapshots().list())
                .extracting(Snapshot::hash)
                .containsExactly(lost, second.snapshot().hash());
        assertThat(home.catalog().snapshots().receiptOf(target.site(), lost)).isPresent();
        assertThat(contents(second.snapshot())).isEqualTo(sourceContents());
        assertThat(warnings).isEmpty();
    }

    @Test
    void aSiteThatWasSetUpAnewGetsEverythingAgain() throws Exception {
        run();
        target.forgetEverything();
        BackupResult second = run();
        assertThat(second.snapshot().sequence()).isEqualTo(1);
        assertThat(warnings).hasSize(1);
        assertThat(contents(second.snapshot())).isEqualTo(sourceContents());
        assertThat(home.catalog().snapshots().list()).containsExactly(second.snapshot());
    }

    @Test
    void aHomeThatLostItsCatalogGoesOnAfterTheSitesNewestSnapshot() throws Exception {
        run();
        close();
        Path state = Files.createDirectory(folder.resolve("state2"));
        home = new HomeState(
                Catalog.open(state.resolve("catalog.db")),
                SqliteChunkIndex.open(state.resolve("index.db"), files, new IndexMemory(1 << 16, 1 << 18)),
                files,
                state);
        BackupResult second = run();
        assertThat(second.snapshot().sequence()).isEqualTo(2);
        assertThat(contents(second.snapshot())).isEqualTo(sourceContents());
    }

    @Test
    void cutPointsOfALargeFileDoNotDependOnWhoReadsIt() throws Exception {
        List<Integer> one = rawLengths(run(means(1, new MovedClock(AN_HOUR_MS)), new CountingListener()));
        target.forgetEverything();
        Files.setLastModifiedTime(source.resolve("b/large"), FileTime.fromMillis(1));
        List<Integer> four = rawLengths(run(means(4, new MovedClock(AN_HOUR_MS)), new CountingListener()));
        assertThat(four).isEqualTo(one);
        assertThat(one.stream().mapToInt(Integer::intValue).sum()).isEqualTo(400_000);
    }

    @Test
    void stopsWhenItIsToldAndSaysThatItCanGoOn() throws Exception {
        write("huge", noise(12 << 20, 3));
        BackupRun cancelled = newRun(means(2, new MovedClock(AN_HOUR_MS)), new CountingListener());
        target.onPack = cancelled::cancel;
        assertThatThrownBy(cancelled::run)
                .hasMessageContaining("Run it again")
                .extracting("fault")
                .isEqualTo(Fault.INTERRUPTED);
        assertThat(Thread.interrupted()).isFalse();
        target.onPack = () -> {};
        BackupResult result = run();
        assertThat(contents(result.snapshot())).isEqualTo(sourceContents());
    }

    @Test
    void refusesAWindowThatWouldMakeWorkersWaitForEachOther() {
        target.images = 2;
        assertThatThrownBy(this::run).extracting("fault").isEqualTo(Fault.USAGE);
    }

    @Test
    void worksWithTheSmallestWindow() throws Exception {
        target.images = 3;
        write("huge", noise(12 << 20, 3));
        BackupResult result = run();
        assertThat(contents(result.snapshot())).isEqualTo(sourceContents());
        assertThat(target.imagesOutMax).isLessThanOrEqualTo(3);
    }

    private BackupResult run() throws FaultException, InterruptedException {
        return run(new MovedClock(AN_HOUR_MS));
    }

    private BackupResult run(Clock clock) throws FaultException, InterruptedException {
        return run(means(2, clock), new CountingListener());
    }

    private BackupResult run(BackupMeans means, BackupListener listener) throws FaultException, InterruptedException {
        return newRun(means, listener).run();
    }

    private BackupRun newRun(BackupMeans means, BackupListener listener) throws FaultException {
        BackupOrder order = new BackupOrder(
                dataset, SENDER, 1, SourceRoots.of(List.of(source)), Set.of(), "chuncheon", "sago test");
        return new BackupRun(home, means, order, target, listener);
    }

    private static BackupMeans means(int workers, Clock clock) {
        return new BackupMeans(AEADS, RANDOM, clock, workers, CHUNKS, GEOMETRY, REGION);
    }

    private Map<String, String> contents(Snapshot snapshot) throws Exception {
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

    private static String hash(ContentCursor chunks, PackReader reader) throws Exception {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        for (ChunkRef ref = chunks.next(); ref != null; ref = chunks.next()) {
            digest.update(reader.read(ref, ChunkKind.DATA));
        }
        return Hash.of(digest.digest()).toString();
    }

    private Map<String, String> sourceContents() throws Exception {
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

    private List<Integer> rawLengths(BackupResult result) throws Exception {
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

    private static TreeRoot root(Snapshot snapshot) throws FaultException {
        return TreeRoot.of(snapshot.body().getRoot(), snapshot.body().getRootLevel());
    }

    private static DatasetKeys dataset() {
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

    private void write(String name, byte[] bytes) throws IOException {
        Path path = source.resolve(name);
        Files.createDirectories(Objects.requireNonNull(path.getParent()));
        Files.write(path, bytes);
    }

    private static void age(Path path) throws IOException {
        Files.setLastModifiedTime(path, FileTime.fromMillis(1_000_000));
    }

    private static byte[] noise(int length, int seed) {
        byte[] noise = new byte[length];
        new Random(seed).nextBytes(noise);
        return noise;
    }

    private static byte[] text(int length) {
        return "one line of text, and another\n"
                .repeat(length / 30 + 1)
                .substring(0, length)
                .getBytes(StandardCharsets.UTF_8);
    }

    private final class CountingListener implements BackupListener {
        @Override
        public void unreadable(Path path, String reason) {
            unreadable.add(path + ": " + reason);
        }

        @Override
        public void warning(String message) {
            warnings.add(message);
        }
    }

    /** Wall time that runs ahead, so that files made a moment ago are settled. */
    private record MovedClock(long aheadMs) implements Clock {
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
