package sago.receiver.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static sago.receiver.store.OrderFixture.first;
import static sago.receiver.store.OrderFixture.follow;
import static sago.receiver.store.OrderFixture.grant;
import static sago.receiver.store.OrderFixture.header;
import static sago.receiver.store.OrderFixture.open;
import static sago.receiver.store.OrderFixture.reseal;
import static sago.receiver.store.OrderFixture.retire;
import static sago.receiver.store.StoreFixture.DATASET;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sago.common.durable.DurableFiles;
import sago.common.durable.SimDisk;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.id.DatasetId;
import sago.common.id.Hash;
import sago.common.sign.Hashes;

/** Sessions, grants and orders on a disk that works. */
final class OrdersTest {
    private static final Path SITE = Path.of("/site");
    private static final Path HEADERS = SITE.resolve("headers").resolve(DATASET.toString());

    @TempDir
    private Path temp = Path.of("");

    private final SimDisk disk = new SimDisk(SITE);
    private SiteStore store;

    @BeforeEach
    void start() throws IOException {
        store = StoreFixture.open(StoreFixture.settings(disk, SITE, temp.resolve("state.db")));
        for (int session = 1; session <= 3; session++) {
            open(store, session, 1, 1);
        }
    }

    @AfterEach
    void stop() throws IOException {
        store.close();
    }

    /** Starts again, the database kept or made anew from the journal. */
    private void restart(boolean keepDatabase) throws IOException {
        store.close();
        store = StoreFixture.open(
                StoreFixture.settings(disk, SITE, temp.resolve(keepDatabase ? "state.db" : "other.db")));
    }

    private static void refuses(Fault fault, ThrowingCallable call) {
        assertThatExceptionOfType(FaultException.class)
                .isThrownBy(call)
                .satisfies(e -> assertThat(e.fault()).as(e.getMessage()).isEqualTo(fault));
    }

    private List<Integer> epochsBelow(int epoch) throws FaultException {
        return store.sessionsBelow(DATASET, epoch, Optional.empty(), 100).stream()
                .map(StoredSession::keyEpoch)
                .toList();
    }

    @Test
    void answersTheNewestHeaderOfASessionAlsoAfterAReplay() throws IOException {
        follow(store, reseal(10, 2, 1, 3));
        for (boolean keepDatabase : new boolean[] {true, false}) {
            assertThat(store.sessionHeader(first(1))).contains(header(1, 2, first(1)));
            assertThat(store.sessionHeader(first(2))).contains(header(2, 1, Hash.ZERO));
            assertThat(store.sessionHeader(Hashes.sha256(header(1, 2, first(1)))))
                    .isEmpty();
            assertThat(epochsBelow(2)).containsExactly(1);
            assertThat(epochsBelow(3)).containsExactlyInAnyOrder(1, 2, 2);
            restart(keepDatabase);
        }
    }

    @Test
    void listsSessionsByTheHashOfTheirFirstHeaderPageByPage() throws FaultException {
        List<StoredSession> all = store.sessionsBelow(DATASET, 2, Optional.empty(), 100);
        assertThat(all)
                .hasSize(3)
                .isSortedAccordingTo((a, b) ->
                        a.headerSha256().toString().compareTo(b.headerSha256().toString()));
        assertThat(store.sessionsBelow(DATASET, 2, Optional.of(all.get(0).headerSha256()), 1))
                .containsExactly(all.get(1));
        assertThat(store.sessionsBelow(new DatasetId(9, 9), 2, Optional.empty(), 100))
                .isEmpty();
    }

    @Test
    void answersTheLastOrderAgainAndRefusesOlderOnes() throws IOException {
        FollowedOrder done = follow(store, reseal(10, 2, 1));
        follow(store, reseal(10, 2, 1));
        restart(false);
        assertThat(follow(store, reseal(10, 2, 1))).isEqualTo(done);
        refuses(Fault.PEER_REFUSED, () -> follow(store, reseal(10, 2, 2)));
        refuses(Fault.PEER_REFUSED, () -> follow(store, reseal(9, 2, 2)));
        follow(store, reseal(11, 2, 2));
        refuses(Fault.PEER_REFUSED, () -> follow(store, reseal(10, 2, 1)));
    }

    @Test
    void refusesHeadersOfUnknownOrOtherSessionsAndOfEpochsThatAreNotLater() throws IOException {
        int before = disk.operations().size();
        refuses(Fault.PROTOCOL, () -> follow(store, reseal(10, 2, 7)));
        refuses(Fault.PROTOCOL, () -> follow(store, reseal(10, 1, 1)));
        refuses(Fault.PROTOCOL, () -> follow(store, reseal(10, List.of(header(2, 2, first(1))))));
        refuses(Fault.PROTOCOL, () -> follow(store, reseal(10, List.of(header(new DatasetId(9, 9), 1, 2, first(1))))));
        assertThat(disk.operations()).as("nothing was written").hasSize(before);
        follow(store, reseal(10, 2, 1));
        refuses(Fault.PROTOCOL, () -> follow(store, reseal(11, 2, 1)));
    }

    @Test
    void retiresNothingWhileASessionHasOnlyAnOldHeader() throws IOException {
        follow(store, reseal(10, 2, 1, 2));
        refuses(Fault.PEER_REFUSED, () -> follow(store, retire(11, 2)));
        assertThat(disk.list(HEADERS)).hasSize(5);
        follow(store, reseal(12, 2, 3));
        follow(store, retire(13, 2));
        assertThat(disk.list(HEADERS)).hasSize(3).allMatch(name -> name.endsWith(".2.header"));
        for (boolean keepDatabase : new boolean[] {true, false}) {
            restart(keepDatabase);
            for (int session = 1; session <= 3; session++) {
                assertThat(store.sessionHeader(first(session))).contains(header(session, 2, first(session)));
            }
        }
    }

    @Test
    void completesAtTheStartADeletionThatACrashCutOff() throws IOException {
        follow(store, reseal(10, 2, 1, 2, 3));
        follow(store, retire(11, 2));
        Path notYetDeleted = HEADERS.resolve(first(1) + ".1.header");
        for (boolean keepDatabase : new boolean[] {true, false}) {
            new DurableFiles(disk)
                    .atomicWrite(notYetDeleted, header(1, 1, Hash.ZERO).toByteArray());
            restart(keepDatabase);
            assertThat(disk.exists(notYetDeleted)).isFalse();
            assertThat(disk.list(HEADERS)).hasSize(3);
        }
    }

    @Test
    void retiresNothingWhileANewerHeaderIsDamaged() throws IOException {
        follow(store, reseal(10, 2, 1, 2, 3));
        disk.flip(HEADERS.resolve(first(2) + ".2.header"), 99);
        refuses(Fault.INTEGRITY, () -> follow(store, retire(11, 2)));
        assertThat(disk.list(HEADERS)).hasSize(6);
    }

    @Test
    void opensNoSessionUnderARetiredEpoch() throws IOException {
        follow(store, reseal(10, 2, 1, 2, 3));
        follow(store, retire(11, 2));
        restart(false);
        refuses(Fault.PEER_REFUSED, () -> open(store, 4, 1, 1));
        open(store, 4, 2, 1);
        restart(true);
        assertThat(epochsBelow(3)).containsExactly(2, 2, 2, 2);
    }

    @Test
    void aMissingOrDamagedHeaderIsMetWhenItIsAskedForAndNowhereElse() throws IOException {
        disk.delete(HEADERS.resolve(first(1) + ".1.header"));
        disk.flip(HEADERS.resolve(first(2) + ".1.header"), 7);
        restart(true);
        refuses(Fault.INTEGRITY, () -> store.sessionHeader(first(1)));
        refuses(Fault.INTEGRITY, () -> store.sessionHeader(first(2)));
        assertThat(store.sessionHeader(first(3))).isPresent();
        assertThat(open(store, 1, 1, 1).headerSha256()).isEqualTo(first(1));
        assertThat(epochsBelow(2)).hasSize(3);
    }

    @Test
    void removesHeadersThatNoRecordNamesAndLeavesWhatIsNone() throws IOException {
        byte[] stray = header(8, 1, Hash.ZERO).toByteArray();
        DurableFiles files = new DurableFiles(disk);
        files.atomicWrite(HEADERS.resolve(first(8) + ".1.header"), stray);
        files.atomicWrite(HEADERS.resolve(first(1) + ".2.header"), stray);
        files.atomicWrite(HEADERS.resolve("notes.txt"), stray);
        restart(true);
        assertThat(disk.list(HEADERS))
                .hasSize(4)
                .contains("notes.txt", first(1) + ".1.header")
                .doesNotContain(first(8) + ".1.header", first(1) + ".2.header");
    }

    @Test
    void aShownGrantIsTheFloorAlsoAfterAReplay() throws IOException {
        store.showGrant(grant(5), ByteString.copyFromUtf8("grant"));
        for (boolean keepDatabase : new boolean[] {true, false}) {
            restart(keepDatabase);
            assertThat(store.grantSequence(DATASET)).isEqualTo(5);
            refuses(Fault.PEER_REFUSED, () -> store.showGrant(grant(4), ByteString.EMPTY));
            refuses(Fault.PEER_REFUSED, () -> store.requireNewestGrant(grant(4)));
            refuses(Fault.PEER_REFUSED, () -> open(store, 1, 1, 4));
            int before = disk.operations().size();
            store.showGrant(grant(5), ByteString.EMPTY);
            assertThat(disk.operations())
                    .as("the same grant is not noted twice")
                    .hasSize(before);
        }
        open(store, 4, 1, 6);
        restart(false);
        assertThat(store.grantSequence(DATASET)).isEqualTo(6);
    }
}
