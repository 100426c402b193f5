package sago.receiver.store;

import static org.assertj.core.api.Assertions.assertThat;
import static sago.receiver.store.RetainFixture.GRACE_MS;
import static sago.receiver.store.RetainFixture.expiry;
import static sago.receiver.store.RetainFixture.grant;
import static sago.receiver.store.StoreFixture.DATASET;
import static sago.receiver.store.StoreFixture.openSession;
import static sago.receiver.store.StoreFixture.pack;
import static sago.receiver.store.StoreFixture.put;
import static sago.receiver.store.StoreFixture.stub;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sago.common.durable.SimDisk;
import sago.common.id.Hash;
import sago.common.id.PackId;
import sago.common.id.SessionId;
import sago.common.pack.PackEntry;
import sago.common.protocol.PackPresence;
import sago.common.trust.GrantedExpiry;
import sago.receiver.store.RetainFixture.TestClock;
import sago.receiver.store.StoreFixture.TestPack;

/**
 * Random sequences of packs, commits, drops, orders, sweeps, crashes in the midst of each, and databases made anew, against a model that
 * goes over everything each time: sets of packs, and for each pack since when no set that counts has it.
 */
final class RetentionModelTest {
    private static final Path SITE = Path.of("/site");
    private static final int SEQUENCES = 5;
    private static final int STEPS = 60;
    private static final long SEED = 20_261_122;

    @TempDir
    private Path temp = Path.of("");

    /** What the model knows of a pack. */
    private static final class Pack {
        final TestPack bytes;
        final int session;
        final long storedMs;
        long added;
        long dropped;

        @Nullable
        Long unnamedMs;

        Pack(TestPack bytes, int session, long nowMs) {
            this.bytes = bytes;
            this.session = session;
            this.storedMs = nowMs;
            this.unnamedMs = nowMs;
        }
    }

    /** The site as it should be. */
    private static final class Model {
        final Map<Integer, Pack> packs = new TreeMap<>();
        final Map<Long, Hash> counting = new TreeMap<>();
        long newest;

        Pack pack(int number) {
            return Objects.requireNonNull(packs.get(number));
        }

        boolean isMember(Pack pack) {
            return pack.added > 0 && pack.dropped == 0;
        }

        boolean isNamed(Pack pack) {
            return pack.added > 0
                    && counting.keySet().stream()
                            .anyMatch(k -> pack.added <= k && (pack.dropped == 0 || k < pack.dropped));
        }

        void look(long nowMs) {
            for (Pack pack : packs.values()) {
                if (isNamed(pack)) {
                    pack.unnamedMs = null;
                } else if (pack.unnamedMs == null) {
                    pack.unnamedMs = nowMs;
                }
            }
        }

        void commit(Hash manifest, Collection<Integer> added, Collection<Integer> dropped, long nowMs) {
            newest++;
            for (int number : added) {
                Pack pack = pack(number);
                pack.added = isNamed(pack) ? pack.added : newest;
                pack.dropped = 0;
            }
            dropped.forEach(number -> pack(number).dropped = newest);
            counting.put(newest, manifest);
            look(nowMs);
        }

        void expire(Collection<Long> sequences, long nowMs) {
            counting.keySet().removeAll(sequences);
            look(nowMs);
        }

        Set<Integer> due(long nowMs, Set<Integer> live) {
            return packs.entrySet().stream()
                    .filter(e -> e.getValue().unnamedMs != null
                            && e.getValue().unnamedMs + GRACE_MS <= nowMs
                            && (e.getValue().storedMs + GRACE_MS) / 1000 <= nowMs / 1000
                            && !live.contains(e.getValue().session))
                    .map(Map.Entry::getKey)
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private final TestClock clock = new TestClock();
    private final Random random = new Random(SEED);
    private Model model = new Model();
    private SimDisk disk = new SimDisk(SITE);
    private Path database = Path.of("");

    @SuppressWarnings("NullAway.Init")
    private SiteStore store;

    @SuppressWarnings("NullAway.Init")
    private OpenedSession session;

    private int sessions;
    private int stored;
    private long orders;
    private String trace = "";

    @Test
    void whatIsHereIsWhatTheModelSays() throws IOException {
        int swept = 0;
        for (int i = 0; i < SEQUENCES; i++) {
            model = new Model();
            disk = new SimDisk(SITE);
            database = temp.resolve("state" + i + ".db");
            sessions = 0;
            orders = 0;
            stored = i * 1_000;
            trace = "seed " + SEED + ", sequence " + i + ":";
            store = RetainFixture.open(disk, SITE, database, clock);
            newSession();
            int most = 0;
            for (int step = 0; step < STEPS; step++) {
                step();
                most = Math.max(most, model.packs.size());
                check();
            }
            swept += stored - i * 1_000 - model.packs.size();
            store.close();
        }
        assertThat(swept).as("packs that were swept in all").isGreaterThan(10);
    }

    private void newSession() throws IOException {
        session = openSession(store, ++sessions);
    }

    private void step() throws IOException {
        int kind = random.nextInt(100);
        clock.advance(random.nextInt((int) GRACE_MS / 3));
        if (kind < 30) {
            store();
        } else if (kind < 55) {
            commit(false);
        } else if (kind < 65) {
            expire(false);
        } else if (kind < 82) {
            sweep(false);
        } else if (kind < 85) {
            newSession();
            note("session");
        } else if (kind < 90) {
            crash(random.nextBoolean());
        } else if (kind < 94) {
            commit(true);
        } else if (kind < 97) {
            expire(true);
        } else {
            sweep(true);
        }
    }

    private void note(String what) {
        trace = trace + " " + what;
    }

    private void store() throws IOException {
        TestPack pack = pack(session, ++stored);
        put(store, session, pack);
        model.packs.put(stored, new Pack(pack, sessions, clock.wallMs()));
        note("store " + stored);
    }

    private List<Integer> some(Collection<Integer> of, int most) {
        List<Integer> all = new ArrayList<>(of);
        Collections.shuffle(all, random);
        return all.subList(0, Math.min(all.size(), random.nextInt(most + 1)));
    }

    private List<Integer> packs(boolean members) {
        return model.packs.entrySet().stream()
                .filter(e -> model.isMember(e.getValue()) == members)
                .map(Map.Entry::getKey)
                .toList();
    }

    private void commit(boolean powerLoss) throws IOException {
        List<Integer> added = some(packs(false), 4);
        List<Integer> dropped = some(packs(true), 3);
        StoreFixture.Stub stub = stub(
                store.head(DATASET),
                session,
                added.stream()
                        .map(n -> model.pack(n).bytes.entry)
                        .sorted(Comparator.comparing(PackEntry::id))
                        .toList(),
                dropped.stream().map(n -> model.pack(n).bytes.id()).sorted().toList());
        note("commit +" + added + " -" + dropped);
        if (powerLoss) {
            cut(() -> stub.commit(store));
        } else {
            assertThat(stub.commit(store)).as(trace).isInstanceOf(CommitOutcome.Done.class);
        }
        if (store.head(DATASET).sequence() > model.newest) {
            model.commit(stub.stub().manifestHash(), added, dropped, clock.wallMs());
        }
    }

    private void expire(boolean powerLoss) throws IOException {
        List<Long> sequences = model.counting.keySet().stream()
                .filter(sequence -> sequence != model.newest && random.nextBoolean())
                .toList();
        if (sequences.isEmpty()) {
            return;
        }
        note("expire " + sequences);
        GrantedExpiry order = expiry(
                ++orders, grant(1), sequences.stream().map(model.counting::get).toList());
        if (powerLoss) {
            cut(() -> RetainFixture.expire(store, order));
        } else {
            RetainFixture.expire(store, order);
        }
        if (!RetainFixture.counting(store).contains(sequences.get(0))) {
            model.expire(sequences, clock.wallMs());
        }
    }

    private void sweep(boolean powerLoss) throws IOException {
        Set<Integer> live = random.nextBoolean() ? Set.of() : Set.of(sessions);
        Set<Integer> due = model.due(clock.wallMs(), live);
        Set<SessionId> ids = live.stream().map(n -> new SessionId(3, n)).collect(Collectors.toSet());
        note("sweep " + due);
        if (powerLoss) {
            cut(() -> store.sweep(() -> ids));
            if (due.isEmpty() || isHere(model.pack(due.iterator().next()))) {
                return;
            }
        } else {
            assertThat(store.sweep(() -> ids).packs()).as(trace).isEqualTo(due.size());
        }
        model.packs.keySet().removeAll(due);
    }

    /** Something that may fail. */
    private interface Step {
        Object run() throws IOException;
    }

    /** Loses power at one of the operations of a step, and starts again. */
    private void cut(Step step) throws IOException {
        disk.failAt(random.nextInt(12), SimDisk.Failure.CRASH);
        try {
            step.run();
        } catch (IOException powerLoss) {
            note("(power lost)");
        }
        crash(random.nextBoolean());
    }

    /** A database that is made anew is the one that was there, if nothing was lost between. */
    private void crash(boolean anew) throws IOException {
        store.close();
        disk = disk.crash(random.nextLong());
        note(anew ? "crash, rebuild" : "crash");
        if (anew) {
            RetainFixture.open(disk, SITE, database, clock).close();
            List<String> before = RetainFixture.rows(database);
            Files.delete(database);
            RetainFixture.open(disk, SITE, database, clock).close();
            assertThat(RetainFixture.rows(database)).as(trace).isEqualTo(before);
        }
        store = RetainFixture.open(disk, SITE, database, clock);
    }

    private boolean isHere(Pack pack) throws IOException {
        return store.holding(session, pack.bytes.id()).presence() == PackPresence.DURABLE;
    }

    private void check() throws IOException {
        assertThat(RetainFixture.counting(store)).as(trace).containsExactlyElementsOf(model.counting.keySet());
        Set<String> files = new TreeSet<>();
        for (String folder : disk.list(SITE.resolve("packs"))) {
            files.addAll(disk.list(SITE.resolve("packs").resolve(folder)));
        }
        Set<String> expected = new TreeSet<>();
        for (Pack pack : model.packs.values()) {
            assertThat(isHere(pack)).as(trace).isTrue();
            expected.add(pack.bytes.id() + ".pack");
        }
        assertThat(files).as(trace).isEqualTo(expected);
        for (long sequence = 1; sequence <= model.newest; sequence++) {
            assertThat(store.manifest(DATASET, sequence).body().isEmpty())
                    .as(trace)
                    .isNotEqualTo(model.counting.containsKey(sequence));
        }
        List<PackId> named = model.packs.values().stream()
                .filter(pack -> pack.unnamedMs == null)
                .map(pack -> pack.bytes.id())
                .sorted()
                .toList();
        assertThat(store.audit(DATASET, Optional.empty(), 256).packs())
                .as(trace)
                .allMatch(AuditPage.Audited::sound)
                .extracting(AuditPage.Audited::pack)
                .containsExactlyElementsOf(named);
    }
}
