package sago.receiver.store;

import static org.assertj.core.api.Assertions.assertThat;
import static sago.receiver.store.RetainFixture.GRACE_MS;
import static sago.receiver.store.RetainFixture.counting;
import static sago.receiver.store.RetainFixture.expire;
import static sago.receiver.store.RetainFixture.expiry;
import static sago.receiver.store.RetainFixture.grant;
import static sago.receiver.store.RetainFixture.manifests;
import static sago.receiver.store.RetainFixture.sweep;
import static sago.receiver.store.StoreFixture.DATASET;
import static sago.receiver.store.StoreFixture.openSession;
import static sago.receiver.store.StoreFixture.pack;
import static sago.receiver.store.StoreFixture.put;
import static sago.receiver.store.StoreFixture.stub;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sago.common.durable.DiskFile;
import sago.common.durable.SimDisk;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.protocol.PackPresence;
import sago.common.trust.GrantedExpiry;
import sago.receiver.proto.ManifestFile;
import sago.receiver.store.RetainFixture.TestClock;
import sago.receiver.store.StoreFixture.TestPack;

/**
 * An expire order and a sweep on a disk that loses power, fails or is full at every operation. Whatever counts stays whole, what was receipted
 * stays done, and what was begun is completed at the next start.
 */
final class RetentionCrashTest {
    private static final Path SITE = Path.of("/site");
    private static final Path MANIFESTS = SITE.resolve("manifests").resolve(DATASET.toString());

    @TempDir
    private Path temp = Path.of("");

    private final AtomicInteger databases = new AtomicInteger();

    private final SimDisk template = new SimDisk(SITE);
    private final List<TestPack> packs = new ArrayList<>();
    private OpenedSession session;
    private GrantedExpiry order;

    /** A site with four manifests, of which the first two go, and with them packs 1 to 3; packs 4 and 5 stay. Each run begins with a copy. */
    @BeforeEach
    void prepare() throws IOException {
        TestClock clock = new TestClock();
        try (SiteStore store = RetainFixture.open(template, SITE, temp.resolve("template.db"), clock)) {
            session = openSession(store, 1);
            for (int i = 1; i <= 5; i++) {
                packs.add(pack(session, i));
                put(store, session, packs.get(i - 1));
            }
            commit(store, packs.subList(0, 4), List.of());
            commit(store, List.of(), packs.subList(0, 1));
            commit(store, packs.subList(4, 5), packs.subList(1, 3));
            commit(store, List.of(), List.of());
            order = expiry(10, grant(9), manifests(store, 1, 2));
        }
    }

    private void commit(SiteStore store, List<TestPack> added, List<TestPack> dropped) throws FaultException {
        CommitOutcome outcome = stub(
                        store.head(DATASET),
                        session,
                        added.stream().map(pack -> pack.entry).toList(),
                        dropped.stream().map(TestPack::id).toList())
                .commit(store);
        assertThat(outcome).isInstanceOf(CommitOutcome.Done.class);
    }

    /** One order and one sweep, on a disk of its own. */
    private final class Run {
        final TestClock clock = new TestClock();
        SimDisk disk = template.crash(0);
        Path database = newDatabase();
        boolean expired;
        boolean swept;

        Run() throws IOException {
            clock.advance(GRACE_MS);
            Files.copy(temp.resolve("template.db"), database);
        }

        SiteStore open() throws IOException {
            return RetainFixture.open(disk, SITE, database, clock);
        }

        /** Order and sweep, each tried that often. */
        void go(SiteStore store, int attempts) throws IOException {
            expired = attempt(attempts, () -> expire(store, order));
            clock.advance(GRACE_MS);
            swept = expired && attempt(attempts, () -> sweep(store));
        }

        private boolean attempt(int attempts, Step step) {
            for (int i = 0; i < attempts; i++) {
                if (succeeds(step)) {
                    return true;
                }
            }
            return false;
        }

        private static boolean succeeds(Step step) {
            try {
                step.run();
                return true;
            } catch (IOException e) {
                return false;
            }
        }

        /** What may be seen after a failure, in the store as it was opened again. */
        void assertSound(SiteStore store, String when) throws IOException {
            boolean isExpired = counting(store).equals(List.of(3L, 4L));
            assertThat(isExpired || counting(store).equals(List.of(1L, 2L, 3L, 4L)))
                    .as(when)
                    .isTrue();
            assertThat(isExpired || !expired)
                    .as(when + ": a receipted order stays done")
                    .isTrue();
            for (TestPack pack : isExpired ? packs.subList(3, 5) : packs) {
                assertThat(store.holding(session, pack.id()).presence())
                        .as(when)
                        .isEqualTo(PackPresence.DURABLE);
                assertThat(StoreFixture.read(store, pack)).as(when).isEqualTo(pack.bytes);
            }
            for (long sequence : isExpired ? List.of(1L, 2L) : List.<Long>of()) {
                assertThat(store.manifest(DATASET, sequence).body()).as(when).isEmpty();
                assertThat(file(sequence).getBody())
                        .as(when + ": completed at the start")
                        .isEmpty();
            }
            for (long sequence : counting(store)) {
                assertThat(store.manifest(DATASET, sequence).body()).as(when).isNotEmpty();
            }
            for (TestPack pack : packs.subList(0, 3)) {
                boolean known = store.holding(session, pack.id()).presence() == PackPresence.DURABLE;
                assertThat(known && swept)
                        .as(when + ": swept packs stay unknown")
                        .isFalse();
                assertThat(disk.exists(path(pack)))
                        .as(when + ": a file is there if its pack is")
                        .isEqualTo(known);
            }
        }

        ManifestFile file(long sequence) throws IOException {
            try (DiskFile file = disk.openRead(MANIFESTS.resolve(sequence + ".manifest"))) {
                ByteBuffer bytes = ByteBuffer.allocate((int) file.size());
                file.readFully(bytes, 0);
                return ManifestFile.parseFrom(ByteString.copyFrom(bytes.flip()));
            }
        }

        void assertGoesOn(SiteStore store, String when) throws IOException {
            expire(store, order);
            clock.advance(GRACE_MS);
            sweep(store);
            expired = true;
            swept = true;
            assertSound(store, when);
            assertThat(store.audit(DATASET, Optional.empty(), 9).packs())
                    .as(when)
                    .hasSize(2);
            commit(store, List.of(), packs.subList(3, 4));
        }
    }

    /** Something that may fail. */
    private interface Step {
        Object run() throws IOException;
    }

    private Path newDatabase() {
        return temp.resolve("state" + databases.incrementAndGet() + ".db");
    }

    private static Path path(TestPack pack) {
        String name = pack.id().toString();
        return SITE.resolve("packs").resolve(name.substring(0, 2)).resolve(name + ".pack");
    }

    private int operationsOfARun() throws IOException {
        Run run = new Run();
        try (SiteStore store = run.open()) {
            int before = run.disk.operations().size();
            run.go(store, 1);
            run.assertSound(store, "no failure");
            assertThat(run.swept).isTrue();
            return run.disk.operations().size() - before;
        }
    }

    @Test
    void orderAndSweepSurviveAPowerLossAtEveryOperation() throws IOException {
        int operations = operationsOfARun();
        assertThat(operations).isGreaterThan(12);
        for (int n = 0; n <= operations; n++) {
            for (long seed = 0; seed < 2; seed++) {
                String when = "power lost at operation " + n + ", seed " + seed;
                Run run = new Run();
                try (SiteStore store = run.open()) {
                    run.disk.failAt(n, SimDisk.Failure.CRASH);
                    run.go(store, 1);
                }
                run.disk = run.disk.crash(seed);
                run.database = seed % 2 == 0 ? run.database : newDatabase();
                try (SiteStore store = run.open()) {
                    run.assertSound(store, when);
                    run.assertGoesOn(store, when);
                }
            }
        }
    }

    @Test
    void whatWasCompletedAtTheStartSurvivesAPowerLossDuringThatStart() throws IOException {
        int operations = operationsOfARun();
        for (int n = 3; n <= operations; n += 4) {
            for (int m = 0; m < 7; m += 2) {
                String when = "power lost at operation " + n + ", then at " + m + " of the start";
                Run run = new Run();
                try (SiteStore store = run.open()) {
                    run.disk.failAt(n, SimDisk.Failure.CRASH);
                    run.go(store, 1);
                }
                run.disk = run.disk.crash(n);
                run.disk.failAt(m, SimDisk.Failure.CRASH);
                try (SiteStore store = run.open()) {
                    assertThat(store).isNotNull();
                    run.disk = run.disk.crash(m);
                } catch (IOException powerLoss) {
                    run.disk = run.disk.crash(m);
                }
                run.database = newDatabase();
                try (SiteStore store = run.open()) {
                    run.assertSound(store, when);
                    run.assertGoesOn(store, when);
                }
            }
        }
    }

    @Test
    void afterAFullOrFailingDiskAtAnyOperationNothingIsLostAndTheSameOrderSucceeds() throws IOException {
        int operations = operationsOfARun();
        for (SimDisk.Failure how : List.of(SimDisk.Failure.SHORT_WRITE, SimDisk.Failure.EIO)) {
            for (int n = 0; n < operations; n++) {
                failAt(n, how);
            }
        }
    }

    private void failAt(int n, SimDisk.Failure how) throws IOException {
        String when = how + " at operation " + n;
        Run run = new Run();
        try (SiteStore store = run.open()) {
            int before = run.disk.operations().size();
            run.disk.failAt(n, how);
            run.go(store, 2);
            boolean force = run.disk.operations().get(before + n).startsWith("force");
            boolean failed = store.failure().toCompletableFuture().isDone();
            assertThat(force || !failed)
                    .as(when + ": only a force that fails ends the store")
                    .isTrue();
            assertThat(run.swept || failed).as(when).isTrue();
        }
        run.disk = run.disk.crash(n);
        run.database = newDatabase();
        try (SiteStore store = run.open()) {
            run.assertSound(store, when);
            run.assertGoesOn(store, when);
        } catch (FaultException e) {
            assertThat(e.fault()).as(when + ": " + e.getMessage()).isNotEqualTo(Fault.INTEGRITY);
            throw e;
        }
    }
}
