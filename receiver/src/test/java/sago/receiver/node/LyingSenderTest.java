package sago.receiver.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sago.common.durable.SimDisk;
import sago.common.fault.Fault;
import sago.common.id.Hash;
import sago.common.id.SessionId;
import sago.common.id.SiteId;
import sago.common.proto.Commit;
import sago.common.proto.Committed;
import sago.common.proto.DatasetGrant;
import sago.common.proto.Open;
import sago.common.proto.PackDurable;
import sago.common.proto.SignedEnvelope;
import sago.common.protocol.ClientRole;
import sago.common.sign.Hashes;
import sago.common.sign.SigningKey;
import sago.common.trust.DatasetGrants;
import sago.common.trust.DatasetTerms;
import sago.common.trust.ManifestStubs;
import sago.common.trust.PackIds;
import sago.common.trust.PackTable;
import sago.common.trust.StubTerms;

/** A sender whose own checks were taken out, and which holds every key that a sender holds: the site refuses what it makes up. */
final class LyingSenderTest {
    private static final Path FOLDER = Path.of("/site");
    private static final ByteString BODY = ByteString.copyFromUtf8("body");

    @TempDir
    private Path temp = Path.of("");

    private final TestHome home = new TestHome();
    private final TestHome other = home.otherDataset();
    private final SessionId session = SessionId.random(home.random);
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

    /** A true grant in which something was changed after home had signed it. */
    private ByteString changed(UnaryOperator<DatasetGrant.Builder> change) throws Exception {
        SignedEnvelope signed = SignedEnvelope.parseFrom(home.datasetGrant(site.id));
        DatasetGrant.Builder grant = DatasetGrant.parseFrom(signed.getPayload()).toBuilder();
        return signed.toBuilder()
                .setPayload(change.apply(grant).build().toByteString())
                .build()
                .toByteString();
    }

    private void refusedHello(Fault fault, ByteString grant) throws Exception {
        try (TestClient client = site.connect(home.senderTls)) {
            client.send(TestClient.helloOf(home, ClientRole.APPEND, grant));
            client.awaitFault(fault);
        }
    }

    @Test
    void cannotChangeTheClassTheDatasetTheKeyOrTheSitesOfItsGrant() throws Exception {
        refusedHello(Fault.INTEGRITY, changed(grant -> grant.setDataClass("public")));
        refusedHello(Fault.INTEGRITY, changed(grant -> grant.setDataset(ByteString.copyFrom(other.dataset.toBytes()))));
        ByteString swapped = ByteString.copyFrom(new byte[DatasetTerms.PUBLIC_KEY_BYTES - 1])
                .concat(ByteString.copyFrom(new byte[] {1}));
        refusedHello(Fault.INTEGRITY, changed(grant -> grant.setDatasetPublicKey(swapped)));
        refusedHello(Fault.INTEGRITY, changed(grant -> grant.setKeyEpoch(2)));
        refusedHello(Fault.INTEGRITY, changed(grant -> grant.setSequence(99)));
        refusedHello(Fault.INTEGRITY, changed(grant -> grant.clearSites()));
    }

    @Test
    void cannotSignAGrantItself() throws Exception {
        DatasetTerms terms = home.datasetTerms(site.id, "internal", 5);
        refusedHello(Fault.PEER_REFUSED, DatasetGrants.sign(home.sender, terms));
    }

    @Test
    void cannotUseAGrantOfAForbiddenClassOrForAnotherSite() throws Exception {
        refusedHello(Fault.POLICY, DatasetGrants.sign(home.order, home.datasetTerms(site.id, "personal", 5)));
        refusedHello(
                Fault.PEER_REFUSED, DatasetGrants.sign(home.order, home.datasetTerms(new SiteId(7, 7), "internal", 5)));
        refusedHello(Fault.PEER_REFUSED, other.datasetGrant(site.id));
    }

    private interface Opening {
        Open open(ByteString nonce);
    }

    private void refusedOpen(Opening opening) throws Exception {
        try (TestClient client = site.sender()) {
            client.send(opening.open(client.welcome.getNonce()));
            client.awaitFault(Fault.PEER_REFUSED);
        }
    }

    private Open open(ByteString nonce, SiteId at, ByteString signed, ByteString sent) {
        return Open.newBuilder()
                .setOpen(home.sessionOpen(session, at, nonce, signed))
                .setSessionHeader(sent)
                .build();
    }

    @Test
    void cannotOpenWithAHeaderOfAnotherEpochSessionOrDatasetNorWithOneThatReplaces() throws Exception {
        for (ByteString header : List.of(
                home.sessionHeader(session, 2, Hash.ZERO),
                home.sessionHeader(SessionId.random(home.random)),
                other.sessionHeader(session),
                home.sessionHeader(session, 1, new Hash(1, 1, 1, 1)))) {
            refusedOpen(nonce -> open(nonce, site.id, header, header));
        }
        ByteString sound = home.sessionHeader(session);
        refusedOpen(nonce -> open(nonce, site.id, sound, home.sessionHeader(SessionId.random(home.random))));
    }

    @Test
    void cannotOpenWithAnOpenForAnotherSiteConnectionDatasetOrGrant() throws Exception {
        ByteString header = home.sessionHeader(session);
        refusedOpen(nonce -> open(nonce, new SiteId(7, 7), header, header));
        refusedOpen(nonce -> open(ByteString.copyFrom(new byte[32]), site.id, header, header));
        refusedOpen(nonce -> Open.newBuilder()
                .setOpen(other.sessionOpen(session, site.id, nonce))
                .setSessionHeader(other.sessionHeader(session))
                .build());
        try (TestClient client = site.sender()) {
            home.grantSequence = 9;
            client.sendOpen(home, session, site.id);
            client.awaitFault(Fault.PEER_REFUSED);
        }
    }

    private StubTerms stub(TestHome of, List<Hash> headers, TestHome.Pack pack) {
        return new StubTerms(
                of.vault,
                of.dataset,
                1,
                Hash.ZERO,
                session,
                PackTable.of(List.of(pack.entry())),
                PackIds.EMPTY,
                headers,
                0,
                Hashes.sha256(BODY));
    }

    private static Commit commit(ByteString stub) {
        return Commit.newBuilder().setStub(stub).setBody(BODY).build();
    }

    @Test
    void cannotCommitWhatAnotherKeyOrRoleSignedOrWhatIsOfAnotherDatasetOrSession() throws Exception {
        TestHome.Pack pack = home.pack(session, 64 << 10);
        List<Hash> headers = List.of(Hashes.sha256(home.sessionHeader(session)));
        StubTerms sound = stub(home, headers, pack);
        List<Hash> foreign = List.of(new Hash(3, 3, 3, 3));
        Map<ByteString, Fault> lies = Map.of(
                ManifestStubs.sign(other.sender, sound), Fault.PEER_REFUSED,
                ManifestStubs.sign(SigningKey.generate(home.random), sound), Fault.PEER_REFUSED,
                ManifestStubs.sign(home.order, sound), Fault.PEER_REFUSED,
                home.retire(site.id, 3, 2), Fault.PEER_REFUSED,
                ManifestStubs.sign(home.sender, stub(other, headers, pack)), Fault.PEER_REFUSED,
                ManifestStubs.sign(home.sender, stub(home, foreign, pack)), Fault.PROTOCOL);
        try (TestClient first = site.sender()) {
            first.open(home, session, site.id);
            first.put(pack);
            first.await(PackDurable.class);
        }
        for (Map.Entry<ByteString, Fault> lie : lies.entrySet()) {
            try (TestClient client = site.sender()) {
                client.open(home, session, site.id);
                client.send(commit(lie.getKey()));
                client.awaitFault(lie.getValue());
            }
        }
        try (TestClient client = site.sender()) {
            assertThat(client.open(home, session, site.id).getSequence())
                    .as("nothing was committed")
                    .isZero();
            client.send(commit(ManifestStubs.sign(home.sender, sound)));
            client.await(Committed.class);
        }
    }
}
