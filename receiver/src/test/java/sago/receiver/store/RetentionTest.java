package sago.receiver.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sago.common.durable.SimDisk;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.id.DatasetId;
import sago.common.id.Hash;
import sago.common.id.PackId;
import sago.common.protocol.PackPresence;
import sago.common.trust.GrantedExpiry;
import sago.receiver.store.RetainFixture.TestClock;
import sago.receiver.store.StoreFixture.TestPack;

/** What expire orders end, what they do not, and which packs a sweep lets go of and when. */
final class RetentionTest {
    private static final Path SITE = Path.of("/site");

    @TempDir
    private Path temp = Path.of("");

    private final TestClock clock = new TestClock();
    private final SimDisk disk = new SimDisk(SITE);
    private SiteStore store;
    private OpenedSession session;
    private TestPack a;
    private TestPack b;
    private TestPack c;

    /** Manifest 1 names a and b, 2 names b and c, 3 names b and c, too. Nothing was stored for an hour. */
    @BeforeEach
    void fill() throws IOException {
        store = RetainFixture.open(disk, SITE, database(), clock);
        session = openSession(store, 1);
        a = pack(session, 1);
        b = pack(session, 2);
        c = pack(session, 3);
        for (TestPack pack : List.of(a, b, c)) {
            put(store, session, pack);
        }
        commit(List.of(a, b), List.of());
        commit(List.of(c), List.of(a));
        commit(List.of(), List.of());
        clock.advance(3_600_000);
    }

    @AfterEach
    void close() throws IOException {
        store.close();
    }

    private Path database() {
        return temp.resolve("state.db");
    }

    private void reopen(boolean anew) throws IOException {
        store.close();
        if (anew) {
            Files.delete(database());
        }
        store = RetainFixture.open(disk, SITE, database(), clock);
    }

    private CommitOutcome commit(List<TestPack> added, List<TestPack> dropped) throws FaultException {
        return stub(
                        store.head(DATASET),
                        session,
                        added.stream().map(pack -> pack.entry).toList(),
                        dropped.stream().map(TestPack::id).toList())
                .commit(store);
    }

    private void assertSwept(TestPack... packs) throws IOException {
        for (TestPack pack : packs) {
            assertThat(store.holding(session, pack.id())).isEqualTo(PackHolding.UNKNOWN);
            assertThat(disk.list(
                            SITE.resolve("packs").resolve(pack.id().toString().substring(0, 2))))
                    .isEmpty();
            assertFault(Fault.NOT_FOUND, () -> StoreFixture.read(store, pack));
        }
    }

    private void assertKept(TestPack... packs) throws IOException {
        for (TestPack pack : packs) {
            assertThat(store.holding(session, pack.id()).presence()).isEqualTo(PackPresence.DURABLE);
            assertThat(StoreFixture.read(store, pack)).isEqualTo(pack.bytes);
        }
    }

    private static void assertFault(Fault fault, ThrowingCallable call) {
        assertThatExceptionOfType(FaultException.class)
                .isThrownBy(call)
                .satisfies(e -> assertThat(e.fault()).as(e.getMessage()).isEqualTo(fault));
    }

    private void assertRefused(GrantedExpiry expiry) {
        int operations = disk.operations().size();
        assertFault(Fault.PEER_REFUSED, () -> expire(store, expiry));
        assertThat(disk.operations()).as("nothing was written").hasSize(operations);
    }

    @Test
    void anExpiredSnapshotIsListedAsSuchAndKeepsItsStubAlone() throws IOException {
        ByteString stub = store.manifest(DATASET, 1).stub();
        assertThat(store.manifest(DATASET, 1).body()).isNotEmpty();
        expire(store, expiry(10, grant(9), manifests(store, 1)));
        for (boolean anew : List.of(false, true)) {
            assertThat(store.manifests(DATASET, 1, 9))
                    .extracting(CommittedManifest::expired)
                    .containsExactly(true, false, false);
            assertThat(store.manifest(DATASET, 1).stub()).isEqualTo(stub);
            assertThat(store.manifest(DATASET, 1).body()).isEmpty();
            assertThat(store.manifest(DATASET, 2).body()).isNotEmpty();
            reopen(anew);
        }
        assertThat(commit(List.of(), List.of()))
                .as("stubs still chain the manifests")
                .isInstanceOf(CommitOutcome.Done.class);
    }

    @Test
    void refusesTheNewestSnapshotUnknownOnesAndThoseOfAnotherDataset() throws FaultException {
        assertRefused(expiry(10, grant(9), manifests(store, 3)));
        assertRefused(expiry(10, grant(9), manifests(store, 1, 3)));
        assertRefused(expiry(10, grant(9), List.of(new Hash(1, 2, 3, 4))));
        assertRefused(expiry(new DatasetId(9, 9), 10, grant(9), manifests(store, 1)));
        assertThat(counting(store)).containsExactly(1L, 2L, 3L);
    }

    @Test
    void refusesSnapshotsThatAreYoungerThanTheGrantSaysByTheSitesOwnClock() throws FaultException {
        assertRefused(expiry(10, grant(9, 3_601, 9), manifests(store, 1)));
        expire(store, expiry(10, grant(9, 3_600, 9), manifests(store, 1)));
        clock.advance(-7_200_000);
        assertRefused(expiry(11, grant(9, 0, 9), manifests(store, 2)));
    }

    @Test
    void refusesMoreSnapshotsInADayThanTheGrantSaysHoweverManyOrdersTheyComeIn() throws IOException {
        assertRefused(expiry(10, grant(9, 0, 1), manifests(store, 1, 2)));
        expire(store, expiry(10, grant(9, 0, 1), manifests(store, 1)));
        assertRefused(expiry(11, grant(9, 0, 1), manifests(store, 2)));
        reopen(true);
        clock.advance(24 * 3_600_000 - 1);
        assertRefused(expiry(11, grant(9, 0, 1), manifests(store, 2)));
        clock.advance(1);
        expire(store, expiry(11, grant(9, 0, 1), manifests(store, 1, 2)));
        assertThat(counting(store)).containsExactly(3L);
    }

    @Test
    void refusesAGrantBelowOneThatWasUsedAlsoAfterAReplay() throws IOException {
        expire(store, expiry(10, grant(9), manifests(store, 1)));
        reopen(true);
        assertRefused(expiry(11, grant(8), manifests(store, 2)));
        expire(store, expiry(11, grant(9), manifests(store, 2)));
    }

    @Test
    void answersTheLastOrderAgainAndRefusesOlderOnes() throws IOException {
        GrantedExpiry first = expiry(10, grant(9), manifests(store, 1));
        FollowedOrder done = expire(store, first);
        int operations = disk.operations().size();
        assertThat(expire(store, first)).isEqualTo(done);
        assertThat(disk.operations()).hasSize(operations);
        GrantedExpiry second = expiry(12, grant(9), manifests(store, 2));
        expire(store, second);
        assertRefused(first);
        assertRefused(expiry(11, grant(9), manifests(store, 2)));
        assertRefused(expiry(12, grant(9), manifests(store, 1)));
    }

    @Test
    void sweepsWhatNoSnapshotNamesOnceTheGraceIsOverAndNothingElse() throws IOException {
        assertThat(sweep(store).packs()).as("every pack is named").isZero();
        expire(store, expiry(10, grant(9), manifests(store, 1)));
        clock.advance(GRACE_MS - 1);
        SweepOutcome early = sweep(store);
        assertThat(early.packs()).isZero();
        assertThat(early.unnamed()).isOne();
        assertThat(early.nextDueMs()).hasValue(clock.wallMs() + 1);
        assertKept(a, b, c);
        clock.advance(1);
        SweepOutcome outcome = sweep(store);
        assertThat(outcome.packs()).isOne();
        assertThat(outcome.bytes()).isEqualTo(a.bytes.length);
        assertThat(outcome.unnamed()).isZero();
        assertSwept(a);
        assertKept(b, c);
        reopen(true);
        assertSwept(a);
        assertKept(b, c);
        assertThat(store.audit(DATASET, Optional.empty(), 9).packs())
                .extracting(AuditPage.Audited::pack)
                .containsExactly(b.id(), c.id());
    }

    @Test
    void aPackIsNamedWhileAnyOneSnapshotBetweenItsFirstAndItsLastCounts() throws IOException {
        commit(List.of(), List.of(c));
        clock.advance(3_600_000);
        expire(store, expiry(10, grant(9), manifests(store, 1, 3)));
        clock.advance(GRACE_MS);
        assertThat(sweep(store).packs()).isOne();
        assertSwept(a);
        assertKept(b, c);
        expire(store, expiry(11, grant(9), manifests(store, 2)));
        clock.advance(GRACE_MS);
        assertThat(sweep(store).packs()).isOne();
        assertSwept(a, c);
        assertKept(b);
    }

    @Test
    void keepsWhatItsAcknowledgementPromisedThoughNobodyCommittedIt() throws IOException {
        TestPack late = pack(session, 4);
        DurableAck ack = put(store, session, late);
        assertThat(ack.keepUntil()).isEqualTo((clock.wallMs() + GRACE_MS) / 1000);
        clock.advance(GRACE_MS - 1);
        assertThat(sweep(store).packs()).isZero();
        assertKept(late);
        clock.advance(1);
        assertThat(sweep(store).packs()).isOne();
        assertSwept(late);
    }

    @Test
    void aShorterGraceDoesNotShortenWhatWasPromised() throws IOException {
        TestPack late = pack(session, 4);
        put(store, session, late);
        store.close();
        store = SiteStore.open(StoreFixture.settings(disk, SITE, database()).withGrace(0), clock, pack -> {});
        clock.advance(GRACE_MS - 1_000);
        assertThat(sweep(store).packs()).isZero();
        clock.advance(1_000);
        assertThat(sweep(store).packs()).isOne();
    }

    @Test
    void packsOfALiveSessionStay() throws IOException {
        TestPack late = pack(session, 4);
        put(store, session, late);
        clock.advance(GRACE_MS * 10);
        assertThat(store.sweep(() -> Set.of(session.session())).packs()).isZero();
        assertKept(late);
        assertThat(sweep(store).packs()).isOne();
    }

    @Test
    void aCommitOfASweptPackIsMissingAndChangesNothing() throws IOException {
        expire(store, expiry(10, grant(9), manifests(store, 1)));
        clock.advance(GRACE_MS);
        sweep(store);
        int operations = disk.operations().size();
        assertThat(commit(List.of(a), List.of())).isEqualTo(new CommitOutcome.Missing(List.of(a.id())));
        assertThat(disk.operations()).hasSize(operations);
        put(store, session, a);
        assertThat(commit(List.of(a), List.of())).isInstanceOf(CommitOutcome.Done.class);
        assertKept(a);
    }

    @Test
    void aCommitThatAddsAPackAgainNamesItAgain() throws IOException {
        expire(store, expiry(10, grant(9), manifests(store, 1)));
        assertThat(commit(List.of(a), List.of())).isInstanceOf(CommitOutcome.Done.class);
        clock.advance(GRACE_MS * 10);
        assertThat(sweep(store).packs()).isZero();
        assertKept(a, b, c);
    }

    /** It keeps the first manifest that added it: the older snapshots that name it may be all that is left. */
    @Test
    void aPackThatIsAddedAgainWhileItIsNamedGoesOnBeingNamedByTheOlderSnapshots() throws IOException {
        commit(List.of(a), List.of());
        commit(List.of(), List.of(a));
        clock.advance(3_600_000);
        expire(store, expiry(10, grant(9), manifests(store, 2, 3, 4)));
        clock.advance(GRACE_MS * 10);
        assertThat(sweep(store).packs()).isZero();
        assertKept(a);
    }

    @Test
    void packsOfADatasetWithADamagedManifestStayBecauseWhatItNamesIsNotKnown() throws IOException {
        TestPack late = pack(session, 4);
        put(store, session, late);
        store.close();
        Path manifest = SITE.resolve("manifests").resolve(DATASET.toString()).resolve("2.manifest");
        disk.delete(manifest);
        Files.delete(database());
        store = RetainFixture.open(disk, SITE, database(), clock);
        clock.advance(GRACE_MS * 10);
        assertThat(sweep(store).packs()).isZero();
        assertKept(a, b, c, late);
        assertFault(Fault.INTEGRITY, () -> expire(store, expiry(10, grant(9), manifests(store, 1))));
    }

    @Test
    void aLostPackThatIsSentAgainGoesOnBeingNamed() throws IOException {
        store.close();
        disk.delete(SITE.resolve("packs").resolve("02").resolve(b.id() + ".pack"));
        store = RetainFixture.open(disk, SITE, database(), clock);
        assertThat(store.holding(session, b.id())).isEqualTo(PackHolding.UNKNOWN);
        put(store, session, b);
        clock.advance(GRACE_MS * 10);
        assertThat(sweep(store).packs()).isZero();
        assertKept(b);
    }

    @Test
    void twoSweepsAndTwoCommitsAtTheSameTimeNeverLeaveANamedPackWithoutItsFile() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            int missing = 0;
            for (int i = 10; i < 110; i++) {
                TestPack pack = pack(session, i);
                put(store, session, pack);
                clock.advance(GRACE_MS * 2);
                CountDownLatch go = new CountDownLatch(1);
                Future<CommitOutcome> committed = threads.submit(() -> {
                    go.await();
                    return commit(List.of(pack), List.of());
                });
                Future<SweepOutcome> swept = threads.submit(() -> {
                    go.await();
                    return sweep(store);
                });
                go.countDown();
                CommitOutcome outcome = committed.get();
                int gone = swept.get().packs();
                if (outcome instanceof CommitOutcome.Done) {
                    assertThat(gone).isZero();
                    assertKept(pack);
                } else {
                    assertThat(outcome).isEqualTo(new CommitOutcome.Missing(List.of(pack.id())));
                    assertThat(gone).isOne();
                    assertSwept(pack);
                    missing++;
                }
            }
            assertThat(missing).as("how often the sweep was first, of 100").isBetween(0, 100);
        } finally {
            threads.shutdown();
        }
    }

    @Test
    void aDatabaseThatIsMadeAnewFromTheJournalIsTheSame() throws IOException {
        List<PackId> others = new ArrayList<>();
        commit(List.of(), List.of(c));
        TestPack late = pack(session, 4);
        put(store, session, late);
        others.add(late.id());
        expire(store, expiry(10, grant(9), manifests(store, 1, 2)));
        clock.advance(GRACE_MS);
        assertThat(sweep(store).packs()).isEqualTo(2);
        assertThat(others).containsExactly(late.id());
        store.close();
        List<String> before = RetainFixture.rows(database());
        Files.delete(database());
        store = RetainFixture.open(disk, SITE, database(), clock);
        store.close();
        assertThat(RetainFixture.rows(database())).isEqualTo(before);
        store = RetainFixture.open(disk, SITE, database(), clock);
    }
}
