package sago.receiver.store;

import static org.assertj.core.api.Assertions.assertThat;
import static sago.receiver.store.OrderFixture.first;
import static sago.receiver.store.OrderFixture.follow;
import static sago.receiver.store.OrderFixture.header;
import static sago.receiver.store.OrderFixture.open;
import static sago.receiver.store.OrderFixture.reseal;
import static sago.receiver.store.OrderFixture.retire;
import static sago.receiver.store.StoreFixture.DATASET;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sago.common.durable.SimDisk;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.id.Hash;
import sago.common.trust.OrderTerms;

/**
 * Orders on a disk that loses power, fails or is full at every operation: two sessions are sealed anew, then their old headers are retired. At no
 * moment is there a session without a header that opens it, and what was receipted stays done.
 */
final class OrderCrashTest {
    private static final Path SITE = Path.of("/site");
    private static final Path HEADERS = SITE.resolve("headers").resolve(DATASET.toString());
    private static final OrderTerms RESEAL = reseal(10, 2, 1, 2);
    private static final OrderTerms RETIRE = retire(11, 2);

    @TempDir
    private Path temp = Path.of("");

    private final AtomicInteger databases = new AtomicInteger();

    private Path newDatabase() {
        return temp.resolve("state" + databases.incrementAndGet() + ".db");
    }

    /** A disk with two sessions of epoch 1. */
    private SimDisk prepared(Path database) throws IOException {
        SimDisk disk = new SimDisk(SITE);
        try (SiteStore store = StoreFixture.open(StoreFixture.settings(disk, SITE, database))) {
            open(store, 1, 1, 1);
            open(store, 2, 1, 1);
        }
        return disk;
    }

    /** Orders that were receipted before the first failure. */
    private static List<OrderTerms> run(SiteStore store, int attempts) throws IOException {
        List<OrderTerms> done = new ArrayList<>();
        for (OrderTerms order : List.of(RESEAL, RETIRE)) {
            for (int i = 1; ; i++) {
                try {
                    follow(store, order);
                    done.add(order);
                    break;
                } catch (IOException e) {
                    if (i == attempts) {
                        return done;
                    }
                }
            }
        }
        return done;
    }

    private static void assertKept(SiteStore store, SimDisk disk, List<OrderTerms> done, String when)
            throws IOException {
        List<String> names = disk.list(HEADERS);
        for (int session = 1; session <= 2; session++) {
            Hash first = first(session);
            boolean renewed = store.sessionOfHeader(first).orElseThrow().keyEpoch() == 2;
            assertThat(renewed || !done.contains(RESEAL)).as(when).isTrue();
            assertThat(store.sessionHeader(first))
                    .as(when)
                    .contains(renewed ? header(session, 2, first) : header(session, 1, Hash.ZERO));
            if (done.contains(RETIRE)) {
                assertThat(names).as(when).doesNotContain(first + ".1.header");
            }
            if (!renewed) {
                assertThat(names).as(when).contains(first + ".1.header");
            }
        }
    }

    /** The orders are delivered again, from the last that was not receipted, as home does. */
    private static void assertGoesOn(SiteStore store, SimDisk disk, List<OrderTerms> done, String when)
            throws IOException {
        if (!done.contains(RESEAL)) {
            follow(store, RESEAL);
        }
        follow(store, RETIRE);
        assertThat(disk.list(HEADERS))
                .as(when)
                .containsExactlyInAnyOrder(first(1) + ".2.header", first(2) + ".2.header");
        assertKept(store, disk, List.of(RESEAL, RETIRE), when);
    }

    private int operationsOfARun() throws IOException {
        Path database = newDatabase();
        SimDisk disk = prepared(database);
        try (SiteStore store = StoreFixture.open(StoreFixture.settings(disk, SITE, database))) {
            int before = disk.operations().size();
            assertThat(run(store, 1)).hasSize(2);
            return disk.operations().size() - before;
        }
    }

    @Test
    void ordersSurviveAPowerLossAtEveryOperation() throws IOException {
        int operations = operationsOfARun();
        assertThat(operations).isGreaterThan(12);
        for (int n = 0; n <= operations; n++) {
            for (long seed = 0; seed < 2; seed++) {
                String when = "power lost at operation " + n + ", seed " + seed;
                Path database = newDatabase();
                SimDisk disk = prepared(database);
                List<OrderTerms> done;
                try (SiteStore store = StoreFixture.open(StoreFixture.settings(disk, SITE, database))) {
                    disk.failAt(n, SimDisk.Failure.CRASH);
                    done = run(store, 1);
                }
                SimDisk after = disk.crash(seed);
                Path databaseAfter = seed % 2 == 0 ? database : newDatabase();
                try (SiteStore store = StoreFixture.open(StoreFixture.settings(after, SITE, databaseAfter))) {
                    assertKept(store, after, done, when);
                    assertGoesOn(store, after, done, when);
                }
            }
        }
    }

    @Test
    void afterAFullOrFailingDiskAtAnyOperationNothingIsLostAndTheSameOrderSucceeds() throws IOException {
        int operations = operationsOfARun();
        for (SimDisk.Failure how : List.of(SimDisk.Failure.ENOSPC, SimDisk.Failure.SHORT_WRITE, SimDisk.Failure.EIO)) {
            for (int n = 0; n < operations; n++) {
                failAt(n, how);
            }
        }
    }

    private void failAt(int n, SimDisk.Failure how) throws IOException {
        String when = how + " at operation " + n;
        Path database = newDatabase();
        SimDisk disk = prepared(database);
        List<OrderTerms> done;
        try (SiteStore store = StoreFixture.open(StoreFixture.settings(disk, SITE, database))) {
            int before = disk.operations().size();
            disk.failAt(n, how);
            done = run(store, 2);
            boolean force = disk.operations().get(before + n).startsWith("force");
            if (how == SimDisk.Failure.EIO) {
                assertThat(store.failure().toCompletableFuture().isDone() || !force)
                        .as(when)
                        .isTrue();
            } else {
                assertThat(done.size() == 2).as(when).isEqualTo(!force);
            }
        }
        SimDisk after = disk.crash(n);
        try (SiteStore store = StoreFixture.open(StoreFixture.settings(after, SITE, newDatabase()))) {
            assertKept(store, after, done, when);
            assertGoesOn(store, after, done, when);
        } catch (FaultException e) {
            assertThat(e.fault()).as(when + ": " + e.getMessage()).isNotEqualTo(Fault.INTEGRITY);
            throw e;
        }
    }
}
