package sago.sender.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.id.PackId;
import sago.sender.catalog.LivePack;
import sago.sender.catalog.Snapshot;
import sago.sender.pack.ChunkKind;
import sago.sender.pack.ChunkRef;
import sago.sender.pack.ChunkSource;
import sago.sender.pack.PackReader;
import sago.sender.tree.Entry;
import sago.sender.tree.EntryCursor;
import sago.sender.tree.TreeReader;

/** What each backup counts, drops and packs anew. */
class PackUseRunTest extends BackupFixture {
    /** Chunks of 4 KiB on average: more than an entry refers to itself. */
    private static final int LISTED = 8 << 20;

    @Test
    void dropsAndRepacksNothingWhereNothingChanged() throws Exception {
        write("huge", noise(LISTED, 3));
        run();
        Set<PackId> before = target.named().keySet();
        for (int i = 0; i < 3; i++) {
            BackupResult again = run();
            assertThat(dropped()).isEmpty();
            assertThat(again.progress().bytesRead()).isZero();
            assertThat(target.named().keySet()).containsAll(before);
        }
    }

    @Test
    void countsExactlyWhatTheTreeReaches() throws Exception {
        write("huge", noise(LISTED, 3));
        write("twice", noise(LISTED, 3));
        assertThat(counted(run().snapshot())).isEqualTo(reached(newest()));
        assertThat(counted(run().snapshot())).isEqualTo(reached(newest()));
        write("huge", noise(LISTED, 4));
        Files.delete(source.resolve("b/large"));
        assertThat(counted(run().snapshot())).isEqualTo(reached(newest()));
    }

    @Test
    void dropsPacksThatGiveNothingToTheNewTree() throws Exception {
        write("huge", noise(12 << 20, 3));
        run();
        Map<PackId, Long> before = target.named();
        Files.delete(source.resolve("huge"));
        BackupResult second = run();
        Set<PackId> reached = reached(second.snapshot()).keySet();
        Set<PackId> unused = new HashSet<>(before.keySet());
        unused.removeAll(reached);
        assertThat(unused).hasSizeGreaterThanOrEqualTo(4);
        assertThat(dropped()).isEqualTo(unused);
        target.sweep();
        assertThat(contents(second.snapshot())).isEqualTo(sourceContents());
    }

    @Test
    void whatLivesInPacksLessThanHalfAliveMovesWithinTheBudget() throws Exception {
        for (int i = 0; i < 60; i++) {
            write("files/" + i, noise(100_000, 100 + i));
        }
        run();
        for (int i = 0; i < 60; i++) {
            if (i % 4 != 0) {
                Files.delete(source.resolve("files/" + i));
            }
        }
        run();
        long sparse = sparse();
        assertThat(sparse).isGreaterThan(1);
        run(means(2, new MovedClock(AN_HOUR_MS)).withRepackBytesMax(0), new CountingListener());
        assertThat(sparse()).isEqualTo(sparse);
        long live = live(newest()).stream()
                .filter(this::isSparse)
                .mapToLong(LivePack::liveBytes)
                .min()
                .orElseThrow();
        BackupResult some = run(means(2, new MovedClock(AN_HOUR_MS)).withRepackBytesMax(live), new CountingListener());
        assertThat(some.progress().bytesRead()).isPositive();
        assertThat(sparse()).isEqualTo(sparse - 1);
        long stored =
                target.named().values().stream().mapToLong(Long::longValue).sum();
        BackupResult rest = run();
        assertThat(sparse()).isZero();
        assertThat(target.named().values().stream().mapToLong(Long::longValue).sum())
                .isLessThan(stored);
        target.sweep();
        assertThat(contents(rest.snapshot())).isEqualTo(sourceContents());
        assertThat(run().progress().bytesRead()).isZero();
    }

    @Test
    void aLargeFileOfWhichNobodyKnowsTheListsIsReadAgain() throws Exception {
        write("huge", noise(LISTED, 3));
        run();
        home.catalog().close();
        try (Connection catalog = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("state/catalog.db"));
                Statement statement = catalog.createStatement()) {
            assertThat(statement.executeUpdate("UPDATE list_packs SET packs = zeroblob(length(packs))"))
                    .isPositive();
        }
        home.index().close();
        home = openHome(folder.resolve("state"));
        BackupResult second = run();
        assertThat(second.progress().bytesRead()).isEqualTo(LISTED);
        assertThat(counted(second.snapshot())).isEqualTo(reached(second.snapshot()));
        assertThat(run().progress().bytesRead()).isZero();
    }

    @Test
    void aPackBehindAListThatTheSiteLostIsFilledAnew() throws Exception {
        write("huge", noise(LISTED, 3));
        BackupResult first = run();
        Set<PackId> lost = new HashSet<>(target.named().keySet());
        lost.removeAll(treePacks(first.snapshot()));
        target.lose(lost.iterator().next());
        Files.writeString(source.resolve("new"), "another file");
        BackupResult second = run();
        assertThat(contents(second.snapshot())).isEqualTo(sourceContents());
        assertThat(counted(second.snapshot())).isEqualTo(reached(second.snapshot()));
    }

    @Test
    void countsAndDropsOutliveALostReceipt() throws Exception {
        write("huge", noise(12 << 20, 3));
        run();
        Files.delete(source.resolve("huge"));
        target.loseReceipt = true;
        assertThatThrownBy(this::run).extracting("fault").isEqualTo(Fault.CONNECTION_LOST);
        target.loseReceipt = false;
        target.sweep();
        BackupResult third = run(means(2, new MovedClock(AN_HOUR_MS)).withRepackBytesMax(0), new CountingListener());
        assertThat(third.snapshot().sequence()).isEqualTo(3);
        assertThat(third.progress().bytesRead()).isZero();
        assertThat(counted(third.snapshot())).isEqualTo(reached(third.snapshot()));
        assertThat(contents(third.snapshot())).isEqualTo(sourceContents());
    }

    /** Whatever changes, is cut off or lost: the newest snapshot stands on what it names, even if all else is deleted at once. */
    @Test
    void theNewestSnapshotRestoresFromWhatItNamesAfterAnyHistory() throws Exception {
        long seed = RANDOM.nextLong();
        Random random = new Random(seed);
        List<Path> made = new ArrayList<>();
        for (int round = 0; round < 12; round++) {
            for (int i = 0; i < 15; i++) {
                String name = "r" + random.nextInt(40);
                write(name, noise(random.nextInt(300_000), random.nextInt()));
                made.add(source.resolve(name));
            }
            for (int i = 0; i < 8; i++) {
                Files.deleteIfExists(made.get(random.nextInt(made.size())));
            }
            if (random.nextInt(3) == 0) {
                write("huge", noise(LISTED + random.nextInt(1 << 20), random.nextInt(2)));
            }
            BackupMeans means = means(2, new MovedClock(AN_HOUR_MS)).withRepackBytesMax(random.nextInt(3 << 20));
            target.commitsThatMiss = random.nextInt(4) == 0 ? 1 : 0;
            if (random.nextInt(3) == 0) {
                target.packsUntilFailure = random.nextInt(3);
                try {
                    run(means, new CountingListener());
                } catch (FaultException cut) {
                    assertThat(cut.fault()).isEqualTo(Fault.CONNECTION_LOST);
                }
                target.packsUntilFailure = Integer.MAX_VALUE;
            }
            BackupResult result = run(means, new CountingListener());
            target.sweep();
            assertThat(contents(result.snapshot()))
                    .as("seed %d round %d", seed, round)
                    .isEqualTo(sourceContents());
            assertThat(counted(result.snapshot()))
                    .as("seed %d round %d", seed, round)
                    .isEqualTo(reached(result.snapshot()));
        }
    }

    private Snapshot newest() throws Exception {
        return home.catalog()
                .snapshots()
                .newest(dataset.dataset(), target.site())
                .orElseThrow();
    }

    private Set<PackId> dropped() {
        Set<PackId> dropped = new HashSet<>();
        Objects.requireNonNull(target.lastStub).terms().dropped().forEach(dropped::add);
        return dropped;
    }

    private List<LivePack> live(Snapshot snapshot) throws Exception {
        List<LivePack> live = new ArrayList<>();
        assertThat(home.catalog().uses().live(snapshot.dataset(), snapshot.site(), snapshot.sequence(), live::add))
                .isTrue();
        return live;
    }

    private Map<PackId, Long> counted(Snapshot snapshot) throws Exception {
        Map<PackId, Long> counted = new HashMap<>();
        for (LivePack pack : live(snapshot)) {
            if (pack.liveBytes() > 0) {
                counted.put(pack.pack(), pack.liveBytes());
            }
        }
        return counted;
    }

    private long sparse() throws Exception {
        return live(newest()).stream().filter(this::isSparse).count();
    }

    private boolean isSparse(LivePack pack) {
        return pack.length() > 64 << 10
                && pack.liveBytes() > 0
                && pack.liveBytes() <= GEOMETRY.plainBytes((int) pack.length() / 2);
    }

    /** By reading it all back, which a sender cannot. */
    private Map<PackId, Long> reached(Snapshot snapshot) throws Exception {
        Map<PackId, Long> reached = new HashMap<>();
        try (PackReader reader = new PackReader(target, target, dataset.idKey(), AEADS, 1 << 20)) {
            ChunkSource counting = (ref, kind) -> {
                byte[] bytes = reader.read(ref, kind);
                reached.merge(ref.pack(), (long) ref.stored() + 44 + 48, Long::sum);
                return bytes;
            };
            TreeReader tree = new TreeReader(counting, root(snapshot));
            EntryCursor entries = tree.all();
            for (Entry entry = entries.next(); entry != null; entry = entries.next()) {
                var content = tree.content(entry.content());
                for (ChunkRef ref = content.next(); ref != null; ref = content.next()) {
                    counting.read(ref, ChunkKind.DATA);
                }
            }
        }
        target.named()
                .forEach((pack, length) -> reached.computeIfPresent(pack, (same, bytes) -> Math.min(bytes, length)));
        return reached;
    }

    private Set<PackId> treePacks(Snapshot snapshot) throws Exception {
        Set<PackId> packs = new HashSet<>();
        try (PackReader reader = new PackReader(target, target, dataset.idKey(), AEADS, 1 << 20)) {
            EntryCursor entries = new TreeReader(
                            (ref, kind) -> {
                                packs.add(ref.pack());
                                return reader.read(ref, kind);
                            },
                            root(snapshot))
                    .all();
            for (Entry entry = entries.next(); entry != null; entry = entries.next()) {
                if (entry.content().listLevel() > 0) {
                    entry.content().refs().forEach(list -> packs.add(list.pack()));
                }
            }
        }
        return packs;
    }
}
