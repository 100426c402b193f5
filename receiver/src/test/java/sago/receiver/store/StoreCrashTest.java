package sago.receiver.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static sago.receiver.store.StoreFixture.DATASET;
import static sago.receiver.store.StoreFixture.openSession;
import static sago.receiver.store.StoreFixture.pack;
import static sago.receiver.store.StoreFixture.put;
import static sago.receiver.store.StoreFixture.stub;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sago.common.durable.SimDisk;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.protocol.PackPresence;
import sago.receiver.store.StoreFixture.Stub;
import sago.receiver.store.StoreFixture.TestPack;

/** The store on a disk that loses power, fails or is full at every operation of a small run: a session, two packs, a commit. */
class StoreCrashTest {
    private static final Path SITE = Path.of("/site");

    @TempDir
    Path temp;

    private final AtomicInteger databases = new AtomicInteger();

    /** What the store promised. */
    private static final class Promises {
        final List<TestPack> packs = new ArrayList<>();
        boolean committed;
    }

    private Path newDatabase() {
        return temp.resolve("state" + databases.incrementAndGet() + ".db");
    }

    /** A disk with an opened, empty store in its history, so that each run begins with the interesting operations. */
    private SimDisk prepared(Path database) throws IOException {
        SimDisk disk = new SimDisk(SITE);
        StoreFixture.open(StoreFixture.settings(disk, SITE, database)).close();
        return disk;
    }

    /** The run; ends at the first failure unless the caller wants it to go on. */
    private static void run(SiteStore store, Promises promises, int attempts) throws IOException {
        OpenedSession session = attempt(attempts, () -> openSession(store, 1));
        for (int i = 1; i <= 2; i++) {
            TestPack pack = pack(session, i);
            attempt(attempts, () -> put(store, session, pack));
            promises.packs.add(pack);
        }
        Stub stub = stub(DatasetHead.NONE, session, promises.packs.toArray(new TestPack[0]));
        CommitOutcome outcome = attempt(attempts, () -> stub.commit(store));
        promises.committed = outcome instanceof CommitOutcome.Done;
    }

    private interface Step<T> {
        T run() throws IOException;
    }

    private static <T> T attempt(int attempts, Step<T> step) throws IOException {
        for (int i = 1; ; i++) {
            try {
                return step.run();
            } catch (IOException e) {
                if (i == attempts) {
                    throw e;
                }
            }
        }
    }

    /** Whether everything that was promised is there. */
    private static boolean holds(SiteStore store, Promises promises) throws IOException {
        OpenedSession session = openSession(store, 1);
        for (TestPack pack : promises.packs) {
            if (store.holding(session, pack.id()).presence() != PackPresence.DURABLE
                    || !Arrays.equals(StoreFixture.read(store, pack), pack.bytes)) {
                return false;
            }
        }
        return !promises.committed
                || (store.head(DATASET).sequence() == 1
                        && store.manifest(DATASET, 1).commit().sequence() == 1);
    }

    /** Runs, loses power at an operation, recovers, and says whether all promises hold. */
    private boolean survives(int operation, long seed, boolean ignoreForce, boolean keepDatabase) throws IOException {
        Path database = newDatabase();
        SimDisk disk = prepared(database);
        if (ignoreForce) {
            disk.ignoreForce();
        }
        Promises promises = new Promises();
        try (SiteStore store = StoreFixture.open(StoreFixture.settings(disk, SITE, database))) {
            disk.failAt(operation, SimDisk.Failure.CRASH);
            run(store, promises, 1);
        } catch (IOException powerLoss) {
            assertThat(disk.isOff()).isTrue();
        }
        SimDisk after = disk.crash(seed);
        Path databaseAfter = keepDatabase ? database : newDatabase();
        try (SiteStore store = StoreFixture.open(StoreFixture.settings(after, SITE, databaseAfter))) {
            boolean holds = holds(store, promises);
            if (!ignoreForce) {
                run(store, new Promises(), 1);
            }
            return holds;
        } catch (FaultException e) {
            if (ignoreForce) {
                return false;
            }
            throw e;
        }
    }

    private int operationsOfARun() throws IOException {
        Path database = newDatabase();
        SimDisk disk = prepared(database);
        try (SiteStore store = StoreFixture.open(StoreFixture.settings(disk, SITE, database))) {
            int before = disk.operations().size();
            run(store, new Promises(), 1);
            return disk.operations().size() - before;
        }
    }

    @Test
    void whatWasAcknowledgedSurvivesAPowerLossAtEveryOperation() throws IOException {
        int operations = operationsOfARun();
        assertThat(operations).isGreaterThan(15);
        for (int n = 0; n <= operations; n++) {
            for (long seed = 0; seed < 2; seed++) {
                assertThat(survives(n, seed, false, seed % 2 == 0))
                        .as("power lost at operation %d, seed %d", n, seed)
                        .isTrue();
            }
        }
    }

    @Test
    void theTestFindsTheLossOnADiskThatIgnoresForce() throws IOException {
        int lost = 0;
        for (long seed = 0; seed < 10; seed++) {
            lost += survives(1000, seed, true, false) ? 0 : 1;
        }
        assertThat(lost).isPositive();
    }

    @Test
    void afterAFullDiskAtAnyOperationTheSameStepSucceedsOrTheStoreStops() throws IOException {
        int operations = operationsOfARun();
        for (SimDisk.Failure how : List.of(SimDisk.Failure.ENOSPC, SimDisk.Failure.SHORT_WRITE)) {
            for (int n = 0; n < operations; n++) {
                fillAt(n, how);
            }
        }
    }

    private void fillAt(int n, SimDisk.Failure how) throws IOException {
        Path database = newDatabase();
        SimDisk disk = prepared(database);
        Promises promises = new Promises();
        boolean force;
        boolean stopped = false;
        try (SiteStore store = StoreFixture.open(StoreFixture.settings(disk, SITE, database))) {
            int before = disk.operations().size();
            disk.failAt(n, how);
            try {
                run(store, promises, 2);
            } catch (FaultException e) {
                assertThat(e.fault()).isEqualTo(Fault.DISK);
                stopped = true;
            }
            force = disk.operations().get(before + n).startsWith("force");
        }
        assertThat(stopped).as("%s at operation %d", how, n).isEqualTo(force);
        try (SiteStore store = StoreFixture.open(StoreFixture.settings(disk.crash(n), SITE, newDatabase()))) {
            assertThat(holds(store, promises)).as("%s at operation %d", how, n).isTrue();
        }
    }

    @Test
    void afterAFailedForceNothingIsAcknowledgedAnyMore() throws IOException {
        int operations = operationsOfARun();
        for (int n = 0; n < operations; n++) {
            Path database = newDatabase();
            SimDisk disk = prepared(database);
            Promises promises = new Promises();
            try (SiteStore store = StoreFixture.open(StoreFixture.settings(disk, SITE, database))) {
                int before = disk.operations().size();
                disk.failAt(n, SimDisk.Failure.EIO);
                boolean failed = false;
                try {
                    run(store, promises, 1);
                } catch (IOException e) {
                    failed = true;
                }
                assertThat(failed).as("operation %d", n).isTrue();
                if (disk.operations().get(before + n).startsWith("force")) {
                    assertThat(store.failure().toCompletableFuture()).isDone();
                    assertThatExceptionOfType(FaultException.class)
                            .isThrownBy(() -> run(store, new Promises(), 1))
                            .satisfies(e -> assertThat(e.fault()).isEqualTo(Fault.DISK));
                }
            }
            try (SiteStore store = StoreFixture.open(StoreFixture.settings(disk.crash(n), SITE, newDatabase()))) {
                assertThat(holds(store, promises)).as("operation %d", n).isTrue();
            }
        }
    }
}
