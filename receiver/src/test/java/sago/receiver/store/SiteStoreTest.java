package sago.receiver.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
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
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sago.common.durable.Disk;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.id.DatasetId;
import sago.common.id.Hash;
import sago.common.id.PackId;
import sago.common.id.SessionId;
import sago.common.limits.Limits;
import sago.common.pack.PackEntry;
import sago.common.protocol.PackPresence;
import sago.receiver.store.StoreFixture.TestPack;

/** The store on the machine's disk. */
class SiteStoreTest {
    @TempDir
    Path folder;

    private SiteStore store;
    private OpenedSession session;

    @BeforeEach
    void open() throws IOException {
        store = StoreFixture.open(settings());
        session = openSession(store, 1);
    }

    @AfterEach
    void close() throws IOException {
        store.close();
    }

    private StoreSettings settings() {
        return StoreFixture.settings(Disk.real(), folder, folder.resolve("state.db"));
    }

    private void reopen() throws IOException {
        store.close();
        store = StoreFixture.open(settings());
    }

    private Path file(TestPack pack) {
        String name = pack.id().toString();
        return folder.resolve("packs").resolve(name.substring(0, 2)).resolve(name + ".pack");
    }

    private static void assertFault(Fault fault, ThrowingCallable call) {
        assertThatExceptionOfType(FaultException.class)
                .isThrownBy(call)
                .satisfies(e -> assertThat(e.fault()).isEqualTo(fault));
    }

    @Test
    void keepsPacksAcrossRestartsByteForByte() throws IOException {
        TestPack pack = pack(session, 1);
        DurableAck ack = put(store, session, pack);
        assertThat(ack.pack()).isEqualTo(pack.entry);
        reopen();
        assertThat(store.holding(session, pack.id())).isEqualTo(PackHolding.durable(ack.sequence()));
        assertThat(StoreFixture.read(store, pack)).isEqualTo(pack.bytes);
        assertThat(store.session(session.session())).contains(session);
    }

    @Test
    void takesSlicesInAnyOrderAndTheEndBeforeThem() throws IOException {
        TestPack pack = pack(session, 1);
        IncomingPack incoming = store.receive(session, pack.id());
        var done = incoming.end(pack.bytes.length, pack.entry.root()).toCompletableFuture();
        assertThat(incoming.writeSlice(1, pack.slice(1))).isTrue();
        assertThat(store.holding(session, pack.id()).slices()).isEqualTo(ByteString.copyFrom(new byte[] {2}));
        assertThat(store.holding(session, pack.id()).presence()).isEqualTo(PackPresence.RECEIVING);
        assertThat(done).isNotDone();
        assertThat(incoming.writeSlice(0, pack.slice(0))).isTrue();
        assertThat(done.join().pack()).isEqualTo(pack.entry);
    }

    @Test
    void writesSlicesFromSeveralThreadsOnceEach() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            for (int number = 1; number <= 20; number++) {
                TestPack pack = pack(session, number);
                List<Future<Boolean>> written = new ArrayList<>();
                for (int i = 0; i < 8; i++) {
                    int slice = i % 2;
                    written.add(threads.submit(
                            () -> store.receive(session, pack.id()).writeSlice(slice, pack.slice(slice))));
                }
                var done = store.receive(session, pack.id()).end(pack.bytes.length, pack.entry.root());
                int fresh = 0;
                for (Future<Boolean> result : written) {
                    fresh += result.get() ? 1 : 0;
                }
                assertThat(fresh).isEqualTo(2);
                assertThat(done.toCompletableFuture().get().pack()).isEqualTo(pack.entry);
            }
        } finally {
            threads.shutdown();
        }
    }

    @Test
    void ignoresRepeatedSlicesAndRepeatsItsAcknowledgement() throws IOException {
        TestPack pack = pack(session, 1);
        DurableAck ack = put(store, session, pack);
        IncomingPack again = store.receive(session, pack.id());
        assertThat(again.writeSlice(0, pack.slice(0))).isFalse();
        assertThat(StoreFixture.end(again, pack)).isEqualTo(ack);
        assertFault(Fault.PROTOCOL, () -> again.end(pack.bytes.length, Hash.ZERO));
    }

    @Test
    void refusesBytesThatAreNotThoseOfTheRootAndTakesThePackAgain() throws IOException {
        TestPack pack = pack(session, 1);
        IncomingPack incoming = store.receive(session, pack.id());
        byte[] damaged = pack.bytes.clone();
        damaged[9000] ^= 1;
        incoming.writeSlice(0, pack.slice(0));
        incoming.writeSlice(1, ByteBuffer.wrap(damaged, 8192, 8192));
        assertFault(Fault.INTEGRITY, () -> StoreFixture.end(incoming, pack));
        assertThat(file(pack)).doesNotExist();
        assertThat(store.holding(session, pack.id())).isEqualTo(PackHolding.UNKNOWN);
        assertThat(put(store, session, pack).pack()).isEqualTo(pack.entry);
    }

    @Test
    void refusesSlicesThatCannotBePartOfThePack() throws IOException {
        TestPack pack = pack(session, 1);
        TestPack other = pack(session, 2);
        IncomingPack incoming = store.receive(session, pack.id());
        assertFault(Fault.PROTOCOL, () -> incoming.writeSlice(-1, pack.slice(1)));
        assertFault(Fault.PROTOCOL, () -> incoming.writeSlice(2, pack.slice(1)));
        assertFault(Fault.PROTOCOL, () -> incoming.writeSlice(1, ByteBuffer.allocate(8191)));
        assertFault(Fault.PROTOCOL, () -> incoming.writeSlice(1, ByteBuffer.allocate(8193)));
        assertFault(Fault.PROTOCOL, () -> incoming.writeSlice(1, ByteBuffer.allocate(0)));
        assertFault(Fault.PROTOCOL, () -> incoming.writeSlice(0, other.slice(0)));
        assertFault(Fault.PROTOCOL, () -> incoming.end(12_288, Hash.ZERO));
        assertFault(Fault.PROTOCOL, () -> incoming.end(32_768, Hash.ZERO));
        assertThat(file(pack)).doesNotExist();
    }

    @Test
    void refusesAPackOfAnotherSession() throws IOException {
        OpenedSession second = openSession(store, 2);
        TestPack durable = pack(session, 1);
        TestPack open = pack(session, 2);
        put(store, session, durable);
        store.receive(session, open.id()).writeSlice(0, open.slice(0));
        assertFault(Fault.PROTOCOL, () -> store.receive(second, durable.id()));
        assertFault(Fault.PROTOCOL, () -> store.receive(second, open.id()));
        assertThat(store.holding(second, open.id())).isEqualTo(PackHolding.UNKNOWN);
        assertThat(StoreFixture.read(store, durable)).isEqualTo(durable.bytes);
    }

    @Test
    void tellsALaterSessionOfTheDatasetWhatIsDurableAndNoOtherDataset() throws IOException {
        TestPack durable = pack(session, 1);
        put(store, session, durable);
        OpenedSession second = openSession(store, 2);
        assertThat(store.holding(second, durable.id()).presence()).isEqualTo(PackPresence.DURABLE);
        OpenedSession foreign = new OpenedSession(
                second.vault(), new DatasetId(77, 77), second.session(), second.geometry(), second.headerSha256());
        assertThat(store.holding(foreign, durable.id())).isEqualTo(PackHolding.UNKNOWN);
    }

    @Test
    void boundsTheOpenPacksOfASession() throws IOException {
        for (int i = 0; i < Limits.OPEN_PACKS_PER_SESSION_MAX; i++) {
            store.receive(session, new PackId(9, i));
        }
        assertFault(Fault.LIMIT, () -> store.receive(session, new PackId(9, 999)));
    }

    @Test
    void removesWhatWasNotCompleteWhenASessionEndsOrTheSiteStarts() throws IOException {
        TestPack kept = pack(session, 1);
        TestPack abandoned = pack(session, 2);
        TestPack torn = pack(session, 3);
        put(store, session, kept);
        IncomingPack incoming = store.receive(session, abandoned.id());
        incoming.writeSlice(0, abandoned.slice(0));
        store.abandon(session.session());
        assertThat(file(abandoned)).doesNotExist();
        assertFault(Fault.NO_SESSION, () -> incoming.writeSlice(1, abandoned.slice(1)));
        store.close();
        Files.write(file(torn), torn.bytes);
        store = StoreFixture.open(settings());
        assertThat(file(torn)).doesNotExist();
        assertThat(file(kept)).exists();
    }

    @Test
    void marksAPackLostWhoseFileIsGoneAndTakesItAgain() throws IOException {
        TestPack pack = pack(session, 1);
        put(store, session, pack);
        Files.delete(file(pack));
        assertFault(Fault.INTEGRITY, () -> StoreFixture.read(store, pack));
        reopen();
        assertThat(store.holding(session, pack.id())).isEqualTo(PackHolding.UNKNOWN);
        put(store, session, pack);
        assertThat(StoreFixture.read(store, pack)).isEqualTo(pack.bytes);
        assertThat(store.holding(session, pack.id()).presence()).isEqualTo(PackPresence.DURABLE);
    }

    @Test
    void readsOnlyInsideOfDurablePacks() throws IOException {
        TestPack pack = pack(session, 1);
        put(store, session, pack);
        ByteBuffer part = ByteBuffer.allocate(100);
        store.readPack(pack.id(), 16_284, part);
        assertThat(part.array()).isEqualTo(Arrays.copyOfRange(pack.bytes, 16_284, 16_384));
        assertFault(Fault.PROTOCOL, () -> store.readPack(pack.id(), 16_285, ByteBuffer.allocate(100)));
        assertFault(Fault.PROTOCOL, () -> store.readPack(pack.id(), -1, ByteBuffer.allocate(100)));
        assertFault(Fault.NOT_FOUND, () -> store.readPack(new PackId(7, 7), 0, ByteBuffer.allocate(100)));
    }

    @Test
    void auditHashesTheFilesAgainInOrderAndNamesTheBadOnes() throws IOException {
        List<TestPack> packs = new ArrayList<>();
        for (int i = 1; i <= 5; i++) {
            packs.add(pack(session, i));
            put(store, session, packs.get(i - 1));
        }
        put(store, session, pack(session, 6));
        stub(DatasetHead.NONE, session, packs.toArray(new TestPack[0])).commit(store);
        byte[] damaged = packs.get(1).bytes.clone();
        damaged[16_383] ^= 1;
        Files.write(file(packs.get(1)), damaged);
        Files.delete(file(packs.get(2)));
        AuditPage first = store.audit(DATASET, Optional.empty(), 3);
        AuditPage second = store.audit(DATASET, Optional.of(packs.get(2).id()), 3);
        assertThat(first.more()).isTrue();
        assertThat(second.more()).isFalse();
        assertThat(first.packs()).extracting(AuditPage.Audited::sound).containsExactly(true, false, false);
        assertThat(first.packs().get(0).root()).contains(packs.get(0).entry.root());
        assertThat(first.packs().get(2).root()).isEmpty();
        assertThat(second.packs())
                .extracting(AuditPage.Audited::pack)
                .containsExactly(packs.get(3).id(), packs.get(4).id());
    }

    @Test
    void opensASessionOnceAndRefusesAnotherHeader() throws IOException {
        assertThat(openSession(store, 1)).isEqualTo(session);
        assertThat(store.sessionHeader(session.headerSha256())).contains(StoreFixture.header(1));
        assertThat(store.sessionHeader(Hash.ZERO)).isEmpty();
        assertThat(store.session(new SessionId(8, 8))).isEmpty();
        assertThat(store.grantSequence(DATASET)).isEqualTo(1);
        openSession(store, 7);
        assertThat(store.grantSequence(DATASET)).isEqualTo(7);
    }

    @Test
    void keyringsOnlyGoForwardAndAllAreKept() throws IOException {
        assertThat(store.keyring(0)).isEmpty();
        ByteString one = ByteString.copyFromUtf8("keyring one");
        ByteString three = ByteString.copyFromUtf8("keyring three");
        store.storeKeyring(1, one);
        store.storeKeyring(3, three);
        store.storeKeyring(1, one);
        assertFault(Fault.PEER_REFUSED, () -> store.storeKeyring(1, three));
        assertFault(Fault.PEER_REFUSED, () -> store.storeKeyring(2, three));
        reopen();
        assertThat(store.keyringCounter()).isEqualTo(3);
        assertThat(store.keyring(0)).contains(three);
        assertThat(store.keyring(1)).contains(one);
        assertThat(store.keyring(2)).isEmpty();
        Files.write(folder.resolve("keyrings").resolve("1.keyring"), new byte[] {1});
        assertFault(Fault.INTEGRITY, () -> store.keyring(1));
    }

    @Test
    void keepsTheNewestSiteGrant() throws IOException {
        assertThat(store.siteGrant()).isEmpty();
        store.storeSiteGrant(ByteString.copyFromUtf8("first"));
        store.storeSiteGrant(ByteString.copyFromUtf8("second"));
        reopen();
        assertThat(store.siteGrant()).contains(ByteString.copyFromUtf8("second"));
    }

    @Test
    void tellsTheListenerOfEachPackOnceInJournalOrder() throws IOException {
        store.close();
        List<StoredPack> stored = new ArrayList<>();
        store = SiteStore.open(settings(), StoreFixture.CLOCK, stored::add);
        for (int i = 1; i <= 3; i++) {
            put(store, session, pack(session, i));
        }
        put(store, session, pack(session, 1));
        assertThat(stored)
                .extracting(StoredPack::pack)
                .extracting(PackEntry::id)
                .containsExactly(
                        pack(session, 1).id(),
                        pack(session, 2).id(),
                        pack(session, 3).id());
        assertThat(stored).extracting(StoredPack::vault).containsOnly(StoreFixture.VAULT);
        store.close();
        stored.clear();
        store = SiteStore.open(settings(), StoreFixture.CLOCK, stored::add);
        assertThat(stored).isEmpty();
    }
}
