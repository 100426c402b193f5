package sago.sender.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.time.Clock;
import sago.sender.upload.UploadPlan;

/**
 * Runs that are killed, and what the next one does. A kill is a copy of the home folder at that moment, which is what the kernel keeps of a
 * killed process; what the process still did afterwards is thrown away.
 */
class CheckpointRunTest extends BackupFixture {
    private static final int COPY_ATTEMPTS_MAX = 100;

    private static final long WINDOW_BYTES = (long) MemoryTarget.IMAGES * GEOMETRY.packBytes();

    /** What workers have read and not yet written down: an item each, small against the window. */
    private static final long ITEMS_BYTES = 3 << 20;

    private int states;

    @BeforeEach
    void makeMoreSource() throws Exception {
        write("huge", noise(16 << 20, 3));
        for (int i = 0; i < 400; i++) {
            write("small/" + i, noise(10_000, 100 + i));
        }
    }

    @Test
    void filesThatAreFinishedAndDurableAreNotOpenedAgain() throws Exception {
        target.conflict = true;
        assertThatThrownBy(this::run).extracting("fault").isEqualTo(Fault.LOCKED);
        target.conflict = false;
        long stored = target.storedBytes();
        BackupRun second = newRun(means(2, new MovedClock(AN_HOUR_MS)), new CountingListener());
        BackupResult result = second.run();
        assertThat(second.counters().filesOpened.sum()).isZero();
        assertThat(result.progress().bytesRead()).isZero();
        assertThat(result.progress().filesFinished()).isEqualTo(703);
        assertThat(result.progress().bytesFinished())
                .isEqualTo(result.snapshot().body().getBytes());
        assertThat(contents(result.snapshot())).isEqualTo(sourceContents());
        assertThat(target.storedBytes() - stored).as("only trees are stored").isLessThan(1 << 20);
        assertThat(Files.exists(home.checkpointFolder())).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5, 7, 9})
    void aRunThatIsKilledAtAnAcknowledgementCostsAtMostAWindow(int acknowledgements) throws Exception {
        useStateOf(killedAt(acknowledgements));
        BackupRun second = newRun(means(2, new MovedClock(AN_HOUR_MS)), new CountingListener());
        BackupResult result = second.run();
        long total = result.snapshot().body().getBytes();
        long durableBytes = (long) acknowledgements * GEOMETRY.packBytes() * 98 / 100;
        assertThat(result.progress().bytesRead())
                .as("%d packs were durable", acknowledgements)
                .isLessThanOrEqualTo(total - durableBytes + WINDOW_BYTES + ITEMS_BYTES);
        assertThat(target.storedBytes()).isLessThanOrEqualTo(total * 105 / 100 + WINDOW_BYTES + (1 << 20));
        assertThat(contents(result.snapshot())).isEqualTo(sourceContents());
        assertThat(warnings).isEmpty();
    }

    @Test
    void aRunThatIsKilledAgainAndAgainComesToItsEnd() throws Exception {
        long seed = new Random().nextLong();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        // Packs on their way when the connection is cut count as durable too: the source is several windows long.
        write("more", noise(32 << 20, 4));
        for (int kills = 0; kills < 4; kills++) {
            useStateOf(killedAt(1 + random.nextInt(2)));
        }
        BackupRun last = newRun(means(2, new MovedClock(AN_HOUR_MS)), new CountingListener());
        BackupResult result = last.run();
        assertThat(result.progress().bytesFinished()).isPositive();
        assertThat(contents(result.snapshot())).isEqualTo(sourceContents());
        assertThat(result.snapshot().body().getFiles()).isEqualTo(706);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4, 8})
    void aFaultAtASealLeavesWhatTheNextRunGoesOnFrom(int seals) throws Exception {
        target.packsUntilFailure = seals;
        assertThatThrownBy(this::run).extracting("fault").isEqualTo(Fault.CONNECTION_LOST);
        target.packsUntilFailure = Integer.MAX_VALUE;
        BackupResult result = run();
        assertThat(contents(result.snapshot())).isEqualTo(sourceContents());
        assertThat(target.storedBytes())
                .isLessThanOrEqualTo(result.snapshot().body().getBytes() * 105 / 100 + WINDOW_BYTES + (1 << 20));
    }

    @ParameterizedTest
    @ValueSource(ints = {20, 500})
    void aWorkerThatFailsLeavesWhatTheNextRunGoesOnFrom(int looksAtTheClock) throws Exception {
        AtomicInteger looks = new AtomicInteger();
        Clock failing = new Clock() {
            @Override
            public long wallMs() {
                return Clock.system().wallMs() + AN_HOUR_MS;
            }

            @Override
            public long monotonicNs() {
                if (Thread.currentThread().getName().startsWith("backup-")
                        && looks.incrementAndGet() == looksAtTheClock) {
                    throw new IllegalStateException("a worker fails");
                }
                return Clock.system().monotonicNs();
            }
        };
        assertThatThrownBy(() -> run(failing)).isInstanceOf(IllegalStateException.class);
        BackupResult result = run();
        assertThat(contents(result.snapshot())).isEqualTo(sourceContents());
    }

    /** What may have become of a checkpoint between two runs. */
    enum Accident {
        DELETED,
        TRUNCATED,
        FLIPPED,
        OLDER
    }

    @ParameterizedTest
    @EnumSource(Accident.class)
    void whateverBecomesOfTheCheckpointTheSnapshotIsTheSame(Accident accident) throws Exception {
        long seed = new Random().nextLong();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        Path first = killedAt(3);
        useStateOf(first);
        Path second = killedAt(3);
        befall(accident, second.resolve("checkpoint"), first.resolve("checkpoint"), random);
        useStateOf(second);
        BackupResult result = run();
        assertThat(contents(result.snapshot())).isEqualTo(sourceContents());
        assertThat(result.snapshot().body().getFiles()).isEqualTo(705);
        assertThat(Files.exists(home.checkpointFolder())).isFalse();
    }

    @Test
    void anOlderCatalogBesideTheCheckpointLeadsToTheSameSnapshot() throws Exception {
        Path first = killedAt(2);
        useStateOf(first);
        Path second = killedAt(4);
        for (String name : List.of("catalog.db", "catalog.db-wal", "index/0000000000000000.log")) {
            Files.deleteIfExists(second.resolve(name));
            if (Files.exists(first.resolve(name))) {
                Files.copy(first.resolve(name), second.resolve(name));
            }
        }
        useStateOf(second);
        BackupResult result = run();
        assertThat(contents(result.snapshot())).isEqualTo(sourceContents());
    }

    @Test
    void aSiteThatLostEverythingGetsEverythingWhateverTheCheckpointSays() throws Exception {
        useStateOf(killedAt(6));
        target.forgetEverything();
        BackupResult result = run();
        assertThat(contents(result.snapshot())).isEqualTo(sourceContents());
    }

    @Test
    void missingPacksMakeFinishedFilesUnfinished() throws Exception {
        useStateOf(killedAt(6));
        target.commitsThatMiss = 2;
        BackupResult result = run();
        assertThat(contents(result.snapshot())).isEqualTo(sourceContents());
        assertThat(warnings).hasSize(2);
    }

    @Test
    void aFileThatChangedSinceItWasFinishedIsReadAgain() throws Exception {
        target.conflict = true;
        assertThatThrownBy(this::run).extracting("fault").isEqualTo(Fault.LOCKED);
        target.conflict = false;
        write("small/7", noise(10_000, 1));
        try (RandomAccessFile file = new RandomAccessFile(source.resolve("huge").toFile(), "rw")) {
            file.seek(1_000_000);
            file.write(noise(10, 2));
        }
        BackupResult result = run();
        assertThat(contents(result.snapshot())).isEqualTo(sourceContents());
        assertThat(result.progress().filesRead()).isEqualTo(2);
    }

    @Test
    void afterACommitWhoseReceiptWasLostNothingIsOpened() throws Exception {
        target.loseReceipt = true;
        assertThatThrownBy(this::run).extracting("fault").isEqualTo(Fault.CONNECTION_LOST);
        target.loseReceipt = false;
        BackupRun second = newRun(means(2, new MovedClock(AN_HOUR_MS)), new CountingListener());
        BackupResult result = second.run();
        assertThat(second.counters().filesOpened.sum()).isZero();
        assertThat(contents(result.snapshot())).isEqualTo(sourceContents());
    }

    @Test
    void whoeverStopsARunIsToldWhatIsSaved() throws Exception {
        BackupRun stopped = newRun(means(2, new MovedClock(AN_HOUR_MS)), new CountingListener());
        target.onPack = stopped::cancel;
        assertThatThrownBy(stopped::run)
                .hasMessageMatching(
                        "stopped; the checkpoint is saved: \\d+ files done, \\d+ packs of this run durable at"
                                + " site sg\\. Run the same command again to go on")
                .extracting("fault")
                .isEqualTo(Fault.INTERRUPTED);
        target.onPack = () -> {};
        BackupResult result = run();
        assertThat(result.progress().bytesFinished()).isPositive();
        assertThat(contents(result.snapshot())).isEqualTo(sourceContents());
        assertThat(warnings).isEmpty();
    }

    @Test
    void aFullHomeDiskIsWaitedForAndNothingIsLost() throws Exception {
        FullHome full = new FullHome(home);
        home = full.state();
        AtomicInteger packs = new AtomicInteger();
        target.onPack = () -> {
            if (packs.incrementAndGet() % 3 == 0) {
                full.failures(20);
            }
        };
        BackupResult result = newRun(means(new Patience(1000, UploadPlan.NEVER_NS)), new CountingListener())
                .run();
        assertThat(full.failed()).isGreaterThan(40);
        assertThat(contents(result.snapshot())).isEqualTo(sourceContents());
        assertThat(result.progress().bytesRead())
                .isEqualTo(result.snapshot().body().getBytes());
        BackupRun next = newRun(means(2, new MovedClock(AN_HOUR_MS)), new CountingListener());
        next.run();
        assertThat(next.counters().filesOpened.sum())
                .as("the tree cache is whole")
                .isZero();
    }

    @Test
    void aFullHomeDiskIsGivenUpInTime() {
        FullHome full = new FullHome(home);
        home = full.state();
        target.onPack = () -> full.failures(Integer.MAX_VALUE);
        assertThatThrownBy(() -> newRun(means(new Patience(1_000_000, 50_000_000)), new CountingListener())
                        .run())
                .hasMessageContaining("the home disk is full")
                .hasMessageContaining("Run the same command again")
                .extracting("fault")
                .isEqualTo(Fault.INTERRUPTED);
    }

    @Test
    void whoWaitsForRoomAtHomeCanBeStopped() throws Exception {
        FullHome full = new FullHome(home);
        home = full.state();
        BackupRun run =
                newRun(means(new Patience(AN_HOUR_MS * 1_000_000, UploadPlan.NEVER_NS)), new CountingListener());
        target.onPack = () -> full.failures(Integer.MAX_VALUE);
        full.onFailure(run::cancel);
        assertThatThrownBy(run::run).extracting("fault").isEqualTo(Fault.INTERRUPTED);
    }

    /** Runs until the n-th acknowledgement is noted, and answers the home folder as a kill leaves it then. */
    private Path killedAt(int acknowledgements) throws Exception {
        Path killed = folder.resolve("killed" + states++);
        AtomicInteger acknowledged = new AtomicInteger();
        List<IOException> failures = new ArrayList<>();
        target.onPack = () -> {
            if (acknowledged.incrementAndGet() == acknowledgements) {
                try {
                    copy(home.treesFolder(), killed);
                } catch (IOException e) {
                    failures.add(e);
                }
                target.cut();
            }
        };
        assertThatThrownBy(this::run)
                .isInstanceOfSatisfying(
                        FaultException.class, e -> assertThat(e.fault()).isEqualTo(Fault.CONNECTION_LOST));
        target.onPack = () -> {};
        assertThat(failures).isEmpty();
        return killed;
    }

    private void useStateOf(Path state) throws Exception {
        close();
        home = openHome(state);
    }

    /** Copies a folder as it is at one moment: where the index merges its segments meanwhile, once more. */
    private static void copy(Path from, Path to) throws IOException {
        for (int attempt = 1; ; attempt++) {
            try {
                copyOnce(from, to);
                return;
            } catch (NoSuchFileException | UncheckedIOException vanished) {
                if (attempt == COPY_ATTEMPTS_MAX) {
                    throw new IOException("the folder never holds still", vanished);
                }
                delete(to);
            }
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> paths = Files.walk(folder)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    private static void copyOnce(Path from, Path to) throws IOException {
        try (Stream<Path> paths = Files.walk(from)) {
            for (Path path : (Iterable<Path>) paths::iterator) {
                if (!path.toString().endsWith("-shm")) {
                    Files.copy(path, to.resolve(from.relativize(path).toString()));
                }
            }
        }
    }

    private static void befall(Accident accident, Path checkpoint, Path older, Random random) throws IOException {
        List<Path> files;
        try (Stream<Path> paths = Files.walk(checkpoint)) {
            files = paths.filter(Files::isRegularFile).toList();
        }
        assertThat(files).isNotEmpty();
        for (Path file : files) {
            switch (accident) {
                case DELETED, OLDER -> Files.delete(file);
                case TRUNCATED -> damage(file, random, false);
                case FLIPPED -> damage(file, random, true);
            }
        }
        if (accident == Accident.OLDER) {
            try (Stream<Path> folders = Files.walk(checkpoint)) {
                for (Path folder : folders.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(folder);
                }
            }
            copy(older, checkpoint);
        }
    }

    private static void damage(Path file, Random random, boolean flip) throws IOException {
        try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
            long length = Objects.checkIndex(open.length(), Long.MAX_VALUE);
            if (!flip) {
                open.setLength(length == 0 ? 0 : random.nextLong(length));
                return;
            }
            for (int i = 0; i < 50 && length > 0; i++) {
                long at = random.nextLong(length);
                open.seek(at);
                int old = open.read();
                open.seek(at);
                open.write(old ^ (1 << random.nextInt(8)));
            }
        }
    }
}
