package sago.receiver.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sago.common.durable.SimDisk;
import sago.common.fault.Fault;
import sago.common.id.DatasetId;
import sago.common.id.Hash;
import sago.common.id.SessionId;
import sago.common.id.SiteId;
import sago.common.net.TlsIdentity;
import sago.common.proto.Commit;
import sago.common.proto.Committed;
import sago.common.proto.DeliverOrder;
import sago.common.proto.FetchSession;
import sago.common.proto.Hello;
import sago.common.proto.ListManifests;
import sago.common.proto.ListSessions;
import sago.common.proto.ManifestHead;
import sago.common.proto.Manifests;
import sago.common.proto.Opened;
import sago.common.proto.OrderDone;
import sago.common.proto.PackDurable;
import sago.common.proto.PackStates;
import sago.common.proto.PackStatus;
import sago.common.proto.SessionFound;
import sago.common.proto.SessionHead;
import sago.common.proto.Sessions;
import sago.common.proto.Welcome;
import sago.common.protocol.ClientRole;
import sago.common.sign.Hashes;
import sago.common.time.Clock;
import sago.common.trust.NodeIdentities;
import sago.common.trust.Orders;
import sago.common.trust.Receipts;
import sago.common.trust.SiteIdentity;

/** Grants that replace others, orders, and lists over all datasets, at a real site. */
final class SiteOrdersTest {
    private static final Path FOLDER = Path.of("/site");
    private static final int PACK = 64 << 10;

    @TempDir
    private Path temp = Path.of("");

    private final TestHome home = new TestHome();
    private final SessionId session = SessionId.random(home.random);
    private final SessionId second = SessionId.random(home.random);
    private final TlsIdentity adminTls = TlsIdentity.generate("admin", home.random, Clock.system());
    private TestSite site;

    @BeforeEach
    void start() throws Exception {
        site = TestSite.start(home, new SimDisk(FOLDER), FOLDER, temp.resolve("state.db"))
                .enrolled();
    }

    @AfterEach
    void stop() throws Exception {
        site.close();
    }

    private TestClient admin() throws Exception {
        return site.connect(adminTls)
                .hello(home, ClientRole.ADMIN, home.clientGrant(adminTls, ClientRole.ADMIN, Set.of()));
    }

    private TestClient sender(TestHome of) throws Exception {
        return site.connect(of.senderTls).hello(of, ClientRole.APPEND, of.datasetGrant(site.id));
    }

    private static Hash header(TestHome of, SessionId session) {
        return Hashes.sha256(of.sessionHeader(session));
    }

    private static void deliver(TestClient admin, ByteString order) {
        admin.send(DeliverOrder.newBuilder().setOrder(order).build());
    }

    @Test
    void aNewerGrantEndsTheConnectionsOfOlderOnesAndFreesTheirLease() throws Exception {
        try (TestClient old = sender(home);
                TestClient idle = sender(home)) {
            old.open(home, session, site.id);
            home.grantSequence = 2;
            try (TestClient newer = sender(home)) {
                assertThat(newer.open(home, second, site.id).getSequence()).isZero();
                assertThat(old.awaitFault(Fault.PEER_REFUSED)).contains("replaced by 2");
                idle.awaitFault(Fault.PEER_REFUSED);
            }
        }
        for (int start = 0; start < 2; start++) {
            home.grantSequence = 1;
            try (TestClient old = site.connect(home.senderTls)) {
                old.send(TestClient.helloOf(home, ClientRole.APPEND, home.datasetGrant(site.id)));
                assertThat(old.awaitFault(Fault.PEER_REFUSED)).contains("replaced by 2");
            }
            home.grantSequence = 2;
            sender(home).close();
            site.restart();
        }
    }

    @Test
    void aNewerGrantOfOneDatasetLeavesOthersAlone() throws Exception {
        TestHome other = home.otherDataset();
        try (TestClient client = sender(home)) {
            client.open(home, session, site.id);
            other.grantSequence = 50;
            sender(other).close();
            client.put(home.pack(session, PACK));
            client.await(PackDurable.class);
        }
    }

    @Test
    void saysHowMuchOfTheSessionBeforeItGaveUp() throws Exception {
        TestHome.Pack pack = home.pack(session, PACK);
        try (TestClient client = sender(home)) {
            assertThat(client.open(home, session, site.id).getDiscardedBytes()).isZero();
            client.slice(pack, 0);
            client.slice(pack, 3);
            awaitHeld(client, pack, 2);
        }
        try (TestClient client = sender(home)) {
            assertThat(client.open(home, session, site.id).getDiscardedBytes())
                    .as("the same session again")
                    .isZero();
            awaitHeld(client, pack, 2);
        }
        home.grantSequence = 2; // frees the lease at once
        try (TestClient client = sender(home)) {
            assertThat(client.open(home, second, site.id).getDiscardedBytes())
                    .isEqualTo(2L * TestHome.GEOMETRY.segmentBytes());
        }
    }

    private static void awaitHeld(TestClient client, TestHome.Pack pack, int slices) throws Exception {
        int held = 0;
        while (held != slices) {
            client.send(PackStatus.newBuilder()
                    .addPacks(ByteString.copyFrom(pack.entry().id().toBytes()))
                    .build());
            ByteString bitmap = client.await(PackStates.class).getPacks(0).getSlices();
            held = bitmap.isEmpty() ? 0 : Integer.bitCount(bitmap.byteAt(0) & 0xff);
        }
    }

    @Test
    void carriesOutOrdersAndGivesReceiptsForThem() throws Exception {
        try (TestClient client = sender(home)) {
            client.open(home, session, site.id);
        }
        home.grantSequence = 2;
        try (TestClient client = sender(home)) {
            client.open(home, second, site.id);
        }
        ByteString reseal = home.reseal(site.id, 10, 2, session, second);
        ByteString retire = home.retire(site.id, 11, 2);
        Hash receipted = null;
        try (TestClient admin = admin()) {
            assertThat(below(admin, 2)).containsExactlyInAnyOrder(header(home, session), header(home, second));
            SiteIdentity identity = NodeIdentities.readSite(admin.welcome.getIdentity());
            for (ByteString order : List.of(reseal, reseal, retire, retire)) {
                deliver(admin, order);
                ByteString receipt = admin.expect(OrderDone.class).getReceipt();
                receipted = Receipts.verifyOrder(receipt, identity, home.vault, home.dataset, Orders.hash(order))
                        .order();
                assertThat(receipted).isEqualTo(Orders.hash(order));
                assertThat(below(admin, 2)).isEmpty();
                admin.send(FetchSession.newBuilder()
                        .setHeaderSha256(
                                ByteString.copyFrom(header(home, session).toBytes()))
                        .build());
                assertThat(admin.expect(SessionFound.class).getSessionHeader())
                        .isEqualTo(home.sessionHeader(session, 2, header(home, session)));
            }
        }
        assertThat(receipted).isNotNull();
    }

    /** First headers of the sessions below an epoch, one page each. */
    private List<Hash> below(TestClient admin, int epoch) throws Exception {
        List<Hash> found = new ArrayList<>();
        ByteString after = ByteString.EMPTY;
        while (true) {
            admin.send(ListSessions.newBuilder()
                    .setDataset(ByteString.copyFrom(home.dataset.toBytes()))
                    .setEpochBelow(epoch)
                    .setAfter(after)
                    .setMax(1)
                    .build());
            Sessions page = admin.expect(Sessions.class);
            for (SessionHead head : page.getHeadsList()) {
                after = head.getHeaderSha256();
                found.add(Hash.of(after.toByteArray()));
            }
            if (!page.getMore()) {
                return found;
            }
        }
    }

    @Test
    void refusesOrdersThatAreNotForItOrCannotBeDone() throws Exception {
        try (TestClient client = sender(home)) {
            client.open(home, session, site.id);
        }
        TestHome foreign = new TestHome();
        Map<ByteString, Fault> refused = new HashMap<>();
        refused.put(home.retire(new SiteId(7, 7), 10, 2), Fault.PEER_REFUSED);
        refused.put(foreign.retire(site.id, 10, 2), Fault.PEER_REFUSED);
        refused.put(home.datasetGrant(site.id), Fault.PEER_REFUSED);
        refused.put(home.retire(site.id, 10, 2), Fault.PEER_REFUSED); // a session has only a header of epoch 1
        refused.put(home.reseal(site.id, 10, 2, second), Fault.PROTOCOL); // no such session
        refused.put(home.reseal(site.id, 10, 1, session), Fault.PROTOCOL); // no later epoch
        for (Map.Entry<ByteString, Fault> order : refused.entrySet()) {
            try (TestClient admin = admin()) {
                deliver(admin, order.getKey());
                admin.awaitFault(order.getValue());
            }
        }
        try (TestClient admin = admin()) {
            assertThat(below(admin, 2)).containsExactly(header(home, session));
        }
    }

    @Test
    void letsOnlyTheKitComeWithoutAVault() throws Exception {
        Hello kit = TestClient.helloOf(home, ClientRole.RESTORE, ByteString.EMPTY).toBuilder()
                .clearVault()
                .build();
        try (TestClient client = site.connect(home.kitTls)) {
            client.send(kit);
            client.expect(Welcome.class);
        }
        ByteString restore = home.clientGrant(home.auditTls, ClientRole.RESTORE, Set.of());
        refusesWithoutVault(home.auditTls, kit);
        refusesWithoutVault(home.auditTls, TestClient.helloOf(home, ClientRole.RESTORE, restore));
        refusesWithoutVault(home.auditTls, TestClient.helloOf(home, ClientRole.AUDIT, home.auditGrant()));
        refusesWithoutVault(home.kitTls, TestClient.helloOf(home, ClientRole.ADMIN, ByteString.EMPTY));
        refusesWithoutVault(home.senderTls, TestClient.helloOf(home, ClientRole.APPEND, home.datasetGrant(site.id)));
    }

    private void refusesWithoutVault(TlsIdentity self, Hello hello) throws Exception {
        try (TestClient client = site.connect(self)) {
            client.send(hello.toBuilder().clearVault().build());
            client.awaitFault(Fault.PEER_REFUSED);
        }
    }

    @Test
    void listsAllDatasetsPageByPageInOrder() throws Exception {
        List<String> expected = new ArrayList<>();
        List<TestHome> homes = List.of(home, home.otherDataset(), home.otherDataset());
        for (TestHome of : homes) {
            for (int i = 1; i <= 2; i++) {
                commit(of);
                expected.add(of.dataset + " " + i);
            }
        }
        expected.sort(null);
        for (int max : List.of(1, 2, 4, 6, 100)) {
            assertThat(listAll(max, Set.of())).as("pages of %d", max).isEqualTo(expected);
        }
        Set<DatasetId> two = Set.of(homes.get(1).dataset, homes.get(2).dataset);
        expected.removeIf(head -> head.startsWith(home.dataset.toString()));
        for (int max : List.of(1, 3, 100)) {
            assertThat(listAll(max, two)).as("pages of %d", max).isEqualTo(expected);
        }
    }

    private void commit(TestHome of) throws Exception {
        SessionId id = SessionId.random(of.random);
        ByteString body = ByteString.copyFromUtf8("body");
        of.grantSequence++; // a new session each time, which must not wait for the one before
        try (TestClient client = sender(of)) {
            Opened opened = client.open(of, id, site.id);
            TestHome.Pack pack = of.pack(id, PACK);
            client.put(pack);
            client.await(PackDurable.class);
            client.send(Commit.newBuilder()
                    .setStub(of.stub(
                            id,
                            opened.getSequence() + 1,
                            Hash.of(opened.getHead().toByteArray()),
                            List.of(pack.entry()),
                            body))
                    .setBody(body)
                    .build());
            client.await(Committed.class);
        }
    }

    private List<String> listAll(int max, Set<DatasetId> only) throws Exception {
        List<String> found = new ArrayList<>();
        ByteString grant = home.clientGrant(home.auditTls, ClientRole.AUDIT, only);
        try (TestClient client = site.connect(home.auditTls).hello(home, ClientRole.AUDIT, grant)) {
            ListManifests.Builder ask = ListManifests.newBuilder().setMax(max);
            while (true) {
                client.send(ask.build());
                Manifests page = client.expect(Manifests.class);
                assertThat(page.getHeadsCount()).isLessThanOrEqualTo(max);
                for (ManifestHead head : page.getHeadsList()) {
                    ask.setAfterDataset(head.getDataset()).setAfterSequence(head.getSequence());
                    found.add(DatasetId.of(head.getDataset().toByteArray()) + " " + head.getSequence());
                }
                if (!page.getMore()) {
                    return found;
                }
            }
        }
    }
}
