package sago.receiver.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sago.common.durable.SimDisk;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.id.Hash;
import sago.common.id.PackId;
import sago.common.id.SessionId;
import sago.common.pack.PackEntry;
import sago.common.proto.Attach;
import sago.common.proto.Commit;
import sago.common.proto.CommitConflict;
import sago.common.proto.Committed;
import sago.common.proto.DurablePack;
import sago.common.proto.MissingPacks;
import sago.common.proto.Opened;
import sago.common.proto.PackDurable;
import sago.common.proto.PackState;
import sago.common.proto.PackStates;
import sago.common.proto.PackStatus;
import sago.common.proto.ReceiptIssued;
import sago.common.proto.SiteState;
import sago.common.protocol.MessageFrame;
import sago.common.protocol.PackPresence;
import sago.common.protocol.SiteCondition;
import sago.common.protocol.SliceFrame;
import sago.common.trust.ManifestStubs;
import sago.common.trust.NodeIdentities;
import sago.common.trust.Receipts;
import sago.common.trust.SiteIdentity;

final class SiteUploadTest {
    private static final Path FOLDER = Path.of("/site");
    private static final int PACK = 64 << 10;

    @TempDir
    private Path temp = Path.of("");

    private final TestHome home = new TestHome();
    private final SessionId session = SessionId.random(home.random);
    private final SimDisk disk = new SimDisk(FOLDER);
    private TestSite site;

    @BeforeEach
    void start() throws Exception {
        site = TestSite.start(home, disk, FOLDER, temp.resolve("state.db")).enrolled();
    }

    @AfterEach
    void stop() throws Exception {
        site.close();
    }

    @Test
    void takesPacksMakesThemDurableAndCommitsThem() throws Exception {
        try (TestClient client = site.sender()) {
            Opened opened = client.open(home, session, site.id);
            assertThat(opened.getSequence()).isZero();
            assertThat(Hash.of(opened.getHead().toByteArray())).isEqualTo(Hash.ZERO);
            TestHome.Pack one = home.pack(session, PACK);
            TestHome.Pack two = home.pack(session, PACK);
            client.put(one);
            client.put(two);
            assertThat(durable(client, 2))
                    .containsExactlyInAnyOrder(one.entry().id(), two.entry().id());

            ByteString body = ByteString.copyFromUtf8("sealed body");
            ByteString stub = home.stub(session, 1, Hash.ZERO, List.of(one.entry(), two.entry()), body);
            Commit commit = Commit.newBuilder().setStub(stub).setBody(body).build();
            client.send(commit);
            Committed committed = client.await(Committed.class);
            Receipts.verifyCommit(
                    committed.getReceipt(), identity(client), home.vault, home.dataset, ManifestStubs.hash(stub));
            client.send(commit);
            assertThat(client.await(Committed.class).getReceipt()).isEqualTo(committed.getReceipt());
        }
    }

    private static SiteIdentity identity(TestClient client) throws Exception {
        return NodeIdentities.readSite(client.welcome.getIdentity());
    }

    @Test
    void issuesReceiptsForPacks() throws Exception {
        try (TestClient client = site.sender()) {
            client.open(home, session, site.id);
            TestHome.Pack pack = home.pack(session, PACK);
            client.put(pack);
            ReceiptIssued receipt = client.await(ReceiptIssued.class);
            assertThat(receipt.getPacksList())
                    .containsExactly(ByteString.copyFrom(pack.entry().id().toBytes()));
            assertThat(Receipts.verify(receipt.getReceipt(), identity(client), home.vault)
                            .packCount())
                    .isEqualTo(1);
        }
    }

    @Test
    void acceptsTheEndOfAPackBeforeItsSlicesAndOverAnotherConnection() throws Exception {
        try (TestClient first = site.sender();
                TestClient second = site.sender()) {
            Opened opened = first.open(home, session, site.id);
            second.attach(session, opened.getAttachToken());
            TestHome.Pack pack = home.pack(session, PACK);
            second.end(pack.entry());
            for (int i = pack.slices() - 1; i >= 0; i--) {
                (i % 2 == 0 ? first : second).slice(pack, i);
            }
            assertThat(durable(first, 1)).containsExactly(pack.entry().id());
        }
    }

    @Test
    void refusesAnAttachTokenThatIsNotOfTheSession() throws Exception {
        try (TestClient first = site.sender();
                TestClient second = site.sender()) {
            first.open(home, session, site.id);
            second.send(Attach.newBuilder()
                    .setSession(ByteString.copyFrom(session.toBytes()))
                    .setAttachToken(ByteString.copyFrom(new byte[32]))
                    .build());
            second.awaitFault(Fault.PEER_REFUSED);
        }
    }

    @Test
    void resumesBySliceAfterALostConnection() throws Exception {
        TestHome.Pack whole = home.pack(session, PACK);
        TestHome.Pack half = home.pack(session, PACK);
        try (TestClient client = site.sender()) {
            client.open(home, session, site.id);
            client.put(whole);
            durable(client, 1);
            client.slice(half, 0);
            client.slice(half, 5);
            awaitSlices(client, half, 0b100001);
            client.cut();
        }
        try (TestClient client = site.sender()) {
            client.open(home, session, site.id);
            PackStates states = states(
                    client,
                    whole.entry(),
                    half.entry(),
                    home.pack(session, PACK).entry());
            assertThat(states.getPacksList().stream().map(PackState::getState))
                    .containsExactly(
                            PackPresence.DURABLE.wireId(),
                            PackPresence.RECEIVING.wireId(),
                            PackPresence.UNKNOWN.wireId());
            for (int i = 0; i < half.slices(); i++) {
                if (i != 0 && i != 5) {
                    client.slice(half, i);
                }
            }
            client.end(half.entry());
            assertThat(durable(client, 1)).containsExactly(half.entry().id());
            client.end(whole.entry());
            assertThat(durable(client, 1)).containsExactly(whole.entry().id());
        }
    }

    @Test
    void keepsWhatIsDurableOverARestartAndAnswersTheSameSession() throws Exception {
        TestHome.Pack pack = home.pack(session, PACK);
        try (TestClient client = site.sender()) {
            client.open(home, session, site.id);
            client.put(pack);
            durable(client, 1);
            site.restart();
            client.awaitEnd();
        }
        try (TestClient client = site.sender()) {
            client.open(home, session, site.id);
            assertThat(states(client, pack.entry()).getPacks(0).getState()).isEqualTo(PackPresence.DURABLE.wireId());
        }
    }

    @Test
    void tellsClientsThatItStops() throws Exception {
        try (TestClient client = site.sender()) {
            client.open(home, session, site.id);
            site.node().close();
            client.awaitFault(Fault.SITE_UNREACHABLE);
        }
    }

    @Test
    void leasesADatasetToOneSessionAtATime() throws Exception {
        SessionId other = SessionId.random(home.random);
        try (TestClient first = site.sender()) {
            first.open(home, session, site.id);
            try (TestClient second = site.sender()) {
                second.sendOpen(home, other, site.id);
                second.awaitFault(Fault.LOCKED);
            }
            try (TestClient same = site.sender()) {
                same.open(home, session, site.id);
            }
            first.cut();
        }
        awaitOpen(other);
    }

    /** The lease is free once the site has seen that the last connection is gone. */
    private void awaitOpen(SessionId id) throws Exception {
        for (int i = 0; i < 100; i++) {
            try (TestClient next = site.sender()) {
                next.sendOpen(home, id, site.id);
                if (((MessageFrame) next.next()).message() instanceof Opened) {
                    return;
                }
            }
        }
        throw new AssertionError("the lease was never freed");
    }

    @Test
    void answersMissingAndConflictAndChangesNothing() throws Exception {
        try (TestClient client = site.sender()) {
            client.open(home, session, site.id);
            TestHome.Pack absent = home.pack(session, PACK);
            ByteString body = ByteString.copyFromUtf8("body");
            ByteString stub = home.stub(session, 1, Hash.ZERO, List.of(absent.entry()), body);
            client.send(Commit.newBuilder().setStub(stub).setBody(body).build());
            assertThat(client.await(MissingPacks.class).getPacks())
                    .isEqualTo(ByteString.copyFrom(absent.entry().id().toBytes()));
            ByteString late = home.stub(session, 2, ManifestStubs.hash(stub), List.of(), body);
            client.send(Commit.newBuilder().setStub(late).setBody(body).build());
            assertThat(client.await(CommitConflict.class).getSequence()).isZero();
        }
    }

    @Test
    void refusesASliceBeyondTheCredit() throws Exception {
        try (TestClient client = site.sender()) {
            client.open(home, session, site.id);
            client.awaitCredit();
            disk.setCapacity(1);
            TestHome.Pack pack = home.pack(session, PACK);
            while (client.creditLeft() >= SliceFrame.bodyBytes(TestHome.GEOMETRY.segmentBytes())) {
                client.sliceAnyway(pack, 0);
            }
            for (int i = 0; i < 2000; i++) {
                client.sliceAnyway(pack, 0);
            }
            client.awaitFault(Fault.PROTOCOL);
        }
    }

    @Test
    void waitsWhileTheDiskIsFullAndGoesOnByItself() throws Exception {
        try (TestClient client = site.sender()) {
            client.open(home, session, site.id);
            client.awaitCredit();
            disk.setCapacity(1);
            TestHome.Pack pack = home.pack(session, PACK);
            client.put(pack);
            SiteState full = client.await(SiteState.class);
            assertThat(full.getState()).isEqualTo(SiteCondition.FULL.wireId());
            assertThat(full.getMessage()).contains("full");
            disk.setCapacity(Long.MAX_VALUE);
            assertThat(client.await(SiteState.class).getState()).isEqualTo(SiteCondition.OK.wireId());
            assertThat(durable(client, 1)).containsExactly(pack.entry().id());
        }
    }

    @Test
    void grantsMoreCreditAsSlicesReachTheirFile() throws Exception {
        try (TestClient client = site.sender()) {
            client.open(home, session, site.id);
            Set<PackId> sent = new HashSet<>();
            for (int i = 0; i < 100; i++) {
                TestHome.Pack pack = home.pack(session, PACK);
                client.put(pack);
                sent.add(pack.entry().id());
            }
            assertThat(durable(client, sent.size())).isEqualTo(sent);
        }
    }

    @Test
    void acknowledgesNothingAfterAFailedForceAndAsksToEnd() throws Exception {
        try (TestClient client = site.sender()) {
            client.open(home, session, site.id);
            TestHome.Pack pack = home.pack(session, PACK);
            for (int i = 0; i < pack.slices(); i++) {
                client.slice(pack, i);
            }
            awaitSlices(client, pack, 0xff);
            disk.failAt(0, SimDisk.Failure.EIO);
            client.end(pack.entry());
            client.awaitFault(Fault.DISK);
            FaultException failure = site.node().failure().toCompletableFuture().get(20, TimeUnit.SECONDS);
            assertThat(failure.fault()).isEqualTo(Fault.DISK);
        }
        try (TestClient client = site.sender()) {
            client.open(home, session, site.id);
            client.put(home.pack(session, PACK));
            client.awaitFault(Fault.DISK);
        }
    }

    @Test
    void refusesAPackWhoseBytesAreNotThoseOfItsRoot() throws Exception {
        try (TestClient client = site.sender()) {
            client.open(home, session, site.id);
            TestHome.Pack pack = home.pack(session, PACK);
            pack.bytes().put(PACK - 1, (byte) ~pack.bytes().get(PACK - 1));
            client.put(pack);
            client.awaitFault(Fault.INTEGRITY);
        }
    }

    private static PackStates states(TestClient client, PackEntry... packs) throws Exception {
        PackStatus.Builder status = PackStatus.newBuilder();
        for (PackEntry pack : packs) {
            status.addPacks(ByteString.copyFrom(pack.id().toBytes()));
        }
        client.send(status.build());
        return client.await(PackStates.class);
    }

    /** Slices are written side by side with other requests: asks until the site holds these. */
    private static void awaitSlices(TestClient client, TestHome.Pack pack, int bitmap) throws Exception {
        for (int i = 0; i < 1000; i++) {
            ByteString held = states(client, pack.entry()).getPacks(0).getSlices();
            if (!held.isEmpty() && held.byteAt(0) == (byte) bitmap) {
                return;
            }
        }
        throw new AssertionError("the site never held the slices");
    }

    private static Set<PackId> durable(TestClient client, int count) throws Exception {
        Set<PackId> packs = new HashSet<>();
        while (packs.size() < count) {
            for (DurablePack pack : client.await(PackDurable.class).getPacksList()) {
                packs.add(PackId.of(pack.getPack().toByteArray()));
            }
        }
        return packs;
    }
}
