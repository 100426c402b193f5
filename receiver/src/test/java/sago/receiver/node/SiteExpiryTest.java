package sago.receiver.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sago.common.durable.SimDisk;
import sago.common.fault.Fault;
import sago.common.id.Hash;
import sago.common.id.PackId;
import sago.common.id.SessionId;
import sago.common.net.TlsIdentity;
import sago.common.proto.Commit;
import sago.common.proto.Committed;
import sago.common.proto.DeliverOrder;
import sago.common.proto.FetchManifest;
import sago.common.proto.ListManifests;
import sago.common.proto.ManifestFound;
import sago.common.proto.ManifestHead;
import sago.common.proto.Manifests;
import sago.common.proto.MissingPacks;
import sago.common.proto.Opened;
import sago.common.proto.OrderDone;
import sago.common.proto.PackDurable;
import sago.common.proto.PackStates;
import sago.common.proto.PackStatus;
import sago.common.protocol.ClientRole;
import sago.common.protocol.PackPresence;
import sago.common.sign.SigningKey;
import sago.common.time.Clock;
import sago.common.trust.ExpireTerms;
import sago.common.trust.ExpiryGrantTerms;
import sago.common.trust.ExpiryGrants;
import sago.common.trust.ManifestStubs;
import sago.common.trust.Orders;

/** Expire orders over the wire: who may deliver and who may sign them, and that a site then frees its disk by itself. */
final class SiteExpiryTest {
    private static final Path FOLDER = Path.of("/site");
    private static final int PACK = 64 << 10;
    private static final long GRACE_MS = 1_000;
    private static final ByteString BODY = ByteString.copyFromUtf8("sealed body");

    @TempDir
    private Path temp = Path.of("");

    private final TestHome home = new TestHome();
    private final SimDisk disk = new SimDisk(FOLDER);
    private final SigningKey expiry = SigningKey.generate(home.random);
    private final SessionId session = SessionId.random(home.random);
    private final TlsIdentity client = TlsIdentity.generate("client", home.random, Clock.system());
    private final List<Hash> manifests = new ArrayList<>();
    private final TestHome.Pack first = home.pack(session, PACK);
    private final TestHome.Pack second = home.pack(session, PACK);
    private TestSite site;

    /** Manifest 1 names the first pack, 2 and 3 the second. */
    @BeforeEach
    void start() throws Exception {
        site = TestSite.start(home, disk, FOLDER, temp.resolve("state.db"), GRACE_MS)
                .enrolled();
        try (TestClient sender = site.sender()) {
            sender.open(home, session, site.id);
            put(sender, first);
            commit(sender, new TestHome.Change(List.of(first.entry()), List.of()));
            put(sender, second);
            commit(
                    sender,
                    new TestHome.Change(
                            List.of(second.entry()), List.of(first.entry().id())));
            commit(sender, new TestHome.Change(List.of(), List.of()));
        }
    }

    @AfterEach
    void stop() throws Exception {
        site.close();
    }

    private static void put(TestClient sender, TestHome.Pack pack) throws Exception {
        sender.put(pack);
        sender.await(PackDurable.class);
    }

    private Commit next(TestHome.Change change) {
        Hash previous = manifests.isEmpty() ? Hash.ZERO : manifests.get(manifests.size() - 1);
        return Commit.newBuilder()
                .setStub(home.stub(session, manifests.size() + 1, previous, change, BODY))
                .setBody(BODY)
                .build();
    }

    private void commit(TestClient sender, TestHome.Change change) throws Exception {
        Commit commit = next(change);
        sender.send(commit);
        sender.await(Committed.class);
        manifests.add(ManifestStubs.hash(commit.getStub()));
    }

    private ByteString grant(SigningKey by, long sequence, long minimumAgeSeconds) {
        return ExpiryGrants.sign(
                by,
                new ExpiryGrantTerms(
                        home.vault, expiry.verifyingKey(), minimumAgeSeconds, 100, sequence, 1_700_000_000, 0));
    }

    /** An order about the first manifest. */
    private DeliverOrder order(SigningKey by, long sequence, ByteString grant) throws IOException {
        ExpireTerms terms = new ExpireTerms(
                home.vault,
                site.id,
                home.dataset,
                sequence,
                1_700_000_000,
                0,
                List.of(manifests.get(0)),
                ExpiryGrants.hash(grant));
        return DeliverOrder.newBuilder()
                .setOrder(Orders.sign(by, terms))
                .setExpiryGrant(grant)
                .build();
    }

    private TestClient as(ClientRole role) throws Exception {
        return site.connect(client).hello(home, role, home.clientGrant(client, role, Set.of()));
    }

    private void assertRefused(DeliverOrder order) throws Exception {
        try (TestClient admin = as(ClientRole.ADMIN)) {
            admin.send(order);
            admin.awaitFault(Fault.PEER_REFUSED);
        }
    }

    private List<Boolean> expired() throws Exception {
        try (TestClient reader = as(ClientRole.RESTORE)) {
            reader.send(ListManifests.newBuilder()
                    .setDataset(ByteString.copyFrom(home.dataset.toBytes()))
                    .setMax(9)
                    .build());
            return reader.expect(Manifests.class).getHeadsList().stream()
                    .map(ManifestHead::getExpired)
                    .toList();
        }
    }

    private Set<String> packFiles() throws IOException {
        Set<String> names = new TreeSet<>();
        for (String folder : disk.list(FOLDER.resolve("packs"))) {
            names.addAll(disk.list(FOLDER.resolve("packs").resolve(folder)));
        }
        return names;
    }

    /** The sweeper works by itself, some hundred milliseconds after a pack is due. */
    private void awaitGone(PackId pack) throws IOException {
        long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (packFiles().contains(pack + ".pack")) {
            assertThat(System.nanoTime()).as("swept in time").isLessThan(deadlineNs);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
        }
    }

    @Test
    void nobodyButAnAdminDeliversAnOrderHoweverWellItIsSigned() throws Exception {
        ByteString grant = grant(home.order, 5, 0);
        DeliverOrder order = order(expiry, 10, grant);
        for (ClientRole role : List.of(ClientRole.RESTORE, ClientRole.AUDIT)) {
            try (TestClient other = as(role)) {
                other.send(order);
                other.awaitFault(Fault.PEER_REFUSED);
            }
        }
        try (TestClient sender = site.sender()) {
            sender.send(order);
            sender.awaitFault(Fault.PEER_REFUSED);
        }
        try (TestClient elsewhere = site.connect(client)
                .hello(
                        home,
                        ClientRole.ADMIN,
                        home.clientGrant(client, ClientRole.ADMIN, Set.of(home.otherDataset().dataset)))) {
            elsewhere.send(order);
            elsewhere.awaitFault(Fault.PEER_REFUSED);
        }
        assertThat(expired()).containsExactly(false, false, false);
    }

    @Test
    void noKeyButThatOfTheGrantSignsAnOrderAndNoKeyButOrderAGrant() throws Exception {
        ByteString grant = grant(home.order, 5, 0);
        for (SigningKey key : List.of(home.sender, home.order, SigningKey.generate(home.random))) {
            assertRefused(order(key, 10, grant));
        }
        for (SigningKey key : List.of(expiry, home.sender)) {
            assertRefused(order(expiry, 10, grant(key, 5, 0)));
        }
        assertRefused(order(expiry, 10, grant).toBuilder().clearExpiryGrant().build());
        assertRefused(order(expiry, 10, grant).toBuilder()
                .setExpiryGrant(grant(home.order, 6, 0))
                .build());
        assertThat(expired()).containsExactly(false, false, false);
    }

    @Test
    void aGrantThatWasReplacedAndAnOrderThatIsOldAreRefusedAndTheLastIsAnsweredAgain() throws Exception {
        DeliverOrder order = order(expiry, 10, grant(home.order, 6, 0));
        try (TestClient admin = as(ClientRole.ADMIN)) {
            admin.send(order);
            OrderDone done = admin.expect(OrderDone.class);
            admin.send(order);
            assertThat(admin.expect(OrderDone.class)).isEqualTo(done);
        }
        assertRefused(order(expiry, 11, grant(home.order, 5, 0)));
        assertRefused(order(expiry, 9, grant(home.order, 6, 0)));
        assertThat(expired()).containsExactly(true, false, false);
    }

    @Test
    void aSnapshotThatIsYoungerThanTheGrantSaysStays() throws Exception {
        assertRefused(order(expiry, 10, grant(home.order, 5, 3_600)));
        assertThat(expired()).containsExactly(false, false, false);
    }

    @Test
    void theDiskGetsEmptierByItselfAndWhatStaysIsServed() throws Exception {
        assertThat(packFiles()).hasSize(2);
        try (TestClient admin = as(ClientRole.ADMIN)) {
            admin.send(order(expiry, 10, grant(home.order, 5, 0)));
            admin.expect(OrderDone.class);
        }
        awaitGone(first.entry().id());
        assertThat(packFiles()).containsExactly(second.entry().id() + ".pack");
        try (TestClient reader = as(ClientRole.RESTORE)) {
            for (long sequence = 1; sequence <= 3; sequence++) {
                reader.send(FetchManifest.newBuilder()
                        .setDataset(ByteString.copyFrom(home.dataset.toBytes()))
                        .setSequence(sequence)
                        .build());
                ManifestFound found = reader.expect(ManifestFound.class);
                assertThat(ManifestStubs.hash(found.getStub())).isEqualTo(manifests.get((int) sequence - 1));
                assertThat(found.getBody()).isEqualTo(sequence == 1 ? ByteString.EMPTY : BODY);
                assertThat(found.getReceipt().isEmpty())
                        .as("no receipt for what is not promised any more")
                        .isEqualTo(sequence == 1);
            }
        }
        try (TestClient sender = site.sender()) {
            Opened opened = sender.open(home, session, site.id);
            assertThat(opened.getSequence()).isEqualTo(3);
            sender.send(PackStatus.newBuilder()
                    .addPacks(ByteString.copyFrom(first.entry().id().toBytes()))
                    .build());
            assertThat(sender.await(PackStates.class).getPacks(0).getState()).isEqualTo(PackPresence.UNKNOWN.wireId());
            sender.send(next(new TestHome.Change(List.of(first.entry()), List.of())));
            assertThat(sender.await(MissingPacks.class).getPacks())
                    .isEqualTo(ByteString.copyFrom(first.entry().id().toBytes()));
        }
    }

    @Test
    void whatALiveSessionHasStoredWaitsForItsCommitHoweverLongThatTakes() throws Exception {
        TestHome.Pack late = home.pack(session, PACK);
        TestHome other = home.otherDataset();
        SessionId otherSession = SessionId.random(home.random);
        TestHome.Pack gone = other.pack(otherSession, PACK);
        try (TestClient sender = site.sender()) {
            sender.open(home, session, site.id);
            put(sender, late);
            try (TestClient brief =
                    site.connect(other.senderTls).hello(other, ClientRole.APPEND, other.datasetGrant(site.id))) {
                brief.open(other, otherSession, site.id);
                put(brief, gone);
            }
            // A commit lets the site look again once the other session is over and its pack due.
            awaitDue();
            commit(sender, new TestHome.Change(List.of(), List.of()));
            awaitGone(gone.entry().id());
            commit(sender, new TestHome.Change(List.of(late.entry()), List.of()));
        }
        assertThat(packFiles()).contains(late.entry().id() + ".pack");
    }

    private static void awaitDue() {
        long dueNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(2 * GRACE_MS);
        while (System.nanoTime() < dueNs) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
        }
    }
}
