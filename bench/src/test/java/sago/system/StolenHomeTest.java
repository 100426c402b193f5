package sago.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.id.DatasetId;
import sago.common.id.Hash;
import sago.common.id.SessionId;
import sago.common.net.TlsIdentity;
import sago.common.net.Transports;
import sago.common.pack.PackEntry;
import sago.common.proto.Attach;
import sago.common.proto.Audit;
import sago.common.proto.Commit;
import sago.common.proto.CommitConflict;
import sago.common.proto.Committed;
import sago.common.proto.DeliverKeyring;
import sago.common.proto.DeliverOrder;
import sago.common.proto.DeliverSiteGrant;
import sago.common.proto.FaultReport;
import sago.common.proto.FetchKeyring;
import sago.common.proto.FetchManifest;
import sago.common.proto.FetchSession;
import sago.common.proto.Keyring;
import sago.common.proto.ListManifests;
import sago.common.proto.ListSessions;
import sago.common.proto.Open;
import sago.common.proto.Opened;
import sago.common.proto.PackEnd;
import sago.common.proto.PackStatus;
import sago.common.proto.Ping;
import sago.common.proto.Pong;
import sago.common.proto.Read;
import sago.common.proto.SignedEnvelope;
import sago.common.proto.Welcome;
import sago.common.protocol.ClientRole;
import sago.common.protocol.FrameType;
import sago.common.protocol.MessageFrame;
import sago.common.protocol.Peer;
import sago.common.sign.Hashes;
import sago.common.sign.SignedType;
import sago.common.sign.SignerRole;
import sago.common.sign.SigningKey;
import sago.common.trust.ClientGrants;
import sago.common.trust.ClientTerms;
import sago.common.trust.DatasetGrants;
import sago.common.trust.DatasetTerms;
import sago.common.trust.ManifestStubs;
import sago.common.trust.NodeIdentities;
import sago.common.trust.Orders;
import sago.common.trust.PackIds;
import sago.common.trust.PackTable;
import sago.common.trust.ReceiptTerms;
import sago.common.trust.Receipts;
import sago.common.trust.RetireTerms;
import sago.common.trust.SessionOpens;
import sago.common.trust.SessionTerms;
import sago.common.trust.SiteIdentity;
import sago.common.trust.SiteTerms;
import sago.common.trust.StubTerms;
import sago.sender.keys.SenderHome;
import sago.sender.keys.SiteEndpoint;
import sago.sender.upload.CommitResult;
import sago.sender.upload.RestoreClient;
import sago.sender.upload.SessionOpening;
import sago.sender.upload.UploadSession;

/**
 * A thief has everything of a sender's home: its TLS key, its signing key, its grants, its keyring. With a program of his own he tries every verb at a
 * real site that holds a snapshot. After each attempt the owner reads back what was there before, bit for bit.
 */
@Timeout(120)
class StolenHomeTest {
    private static final ByteString BODY = ByteString.copyFrom(new byte[8192]);

    /** Every message that a client may send, but for HELLO. */
    private static final List<MessageLite> VERBS = List.of(
            DeliverSiteGrant.getDefaultInstance(),
            DeliverKeyring.getDefaultInstance(),
            FetchKeyring.getDefaultInstance(),
            Ping.getDefaultInstance(),
            Pong.getDefaultInstance(),
            FaultReport.getDefaultInstance(),
            Open.getDefaultInstance(),
            Attach.getDefaultInstance(),
            PackEnd.getDefaultInstance(),
            PackStatus.getDefaultInstance(),
            Commit.getDefaultInstance(),
            Read.getDefaultInstance(),
            ListManifests.getDefaultInstance(),
            FetchManifest.getDefaultInstance(),
            FetchSession.getDefaultInstance(),
            Audit.getDefaultInstance(),
            ListSessions.getDefaultInstance(),
            DeliverOrder.getDefaultInstance());

    @TempDir
    private Path folder = Path.of("");

    private final SecureRandom random = new SecureRandom();
    private final Transports transports = Transports.open(1, "thief");
    private UploadFixture owner;
    private ByteString manifest = ByteString.EMPTY;
    private SenderHome loot;
    private TlsIdentity tls;
    private SigningKey key;
    private SiteEndpoint site;
    private DatasetTerms grant;
    private ByteString grantEnvelope;

    @BeforeEach
    void backUp() throws Exception {
        owner = new UploadFixture(folder, 5);
        try (UploadSession session = owner.upload(2)) {
            owner.send(session, UploadFixture.GEOMETRY.packBytes());
            owner.send(session, UploadFixture.GEOMETRY.packBytes());
            session.awaitDurable();
            manifest = owner.stub(session.head(), BODY);
            assertThat(session.commit(manifest, BODY)).isInstanceOf(CommitResult.Committed.class);
        }
        loot = owner.home.home();
        key = loot.signingKey();
        site = owner.home.site();
        grant = owner.home.dataset().grant();
        grantEnvelope = owner.home.dataset().grantEnvelope();
        tls = loot.appendCredential(owner.home.dataset()).tls();
    }

    @AfterEach
    void everythingIsThereAsBefore() throws Exception {
        try (RestoreClient reader = owner.reader()) {
            for (Map.Entry<PackEntry, byte[]> pack : owner.sent.entrySet()) {
                assertThat(UploadFixture.read(reader, pack.getKey())).isEqualTo(pack.getValue());
            }
            assertThat(reader.manifest(grant.dataset(), 1).stub()).isEqualTo(manifest);
            assertThat(reader.keyring(0)).isEqualTo(loot.newestKeyring().envelope());
        } finally {
            owner.close();
            transports.close();
        }
    }

    private BareClient client() throws Exception {
        return BareClient.connect(transports, site, tls);
    }

    private BareClient client(ClientRole role, ByteString credential) throws Exception {
        BareClient client = client();
        client.welcome(loot.vault(), role, credential);
        return client;
    }

    @Test
    void asAppenderItMayAskOnlyWhatAnUploadNeeds() throws Exception {
        assertThat(allowed(ClientRole.APPEND))
                .containsExactlyInAnyOrder(
                        FrameType.SITE_GRANT,
                        FrameType.KEYRING,
                        FrameType.PING,
                        FrameType.PONG,
                        FrameType.FAULT,
                        FrameType.OPEN,
                        FrameType.ATTACH,
                        FrameType.SLICE,
                        FrameType.PACK_END,
                        FrameType.PACK_STATUS,
                        FrameType.COMMIT);
        refusedOverTheWire(ClientRole.APPEND, grantEnvelope);
    }

    @Test
    void asAuditorItMayAskForHashesAndSealedBytesOnly() throws Exception {
        assertThat(allowed(ClientRole.AUDIT))
                .doesNotContain(
                        FrameType.READ,
                        FrameType.FETCH_KEYRING,
                        FrameType.OPEN,
                        FrameType.COMMIT,
                        FrameType.LIST_SESSIONS,
                        FrameType.ORDER);
        refusedOverTheWire(ClientRole.AUDIT, loot.auditCredential().grantEnvelope());
    }

    private static Set<FrameType> allowed(ClientRole role) {
        Set<FrameType> allowed = EnumSet.noneOf(FrameType.class);
        for (FrameType type : FrameType.values()) {
            if (type.isSentBy(Peer.CLIENT) && type.isAllowedFor(role)) {
                allowed.add(type);
            }
        }
        return allowed;
    }

    /** Every verb of a client that the role must not say ends the connection. */
    private void refusedOverTheWire(ClientRole role, ByteString credential) throws Exception {
        Set<FrameType> refused = EnumSet.noneOf(FrameType.class);
        for (MessageLite verb : VERBS) {
            FrameType type = MessageFrame.of(verb).type();
            if (!type.isAllowedFor(role)) {
                try (BareClient thief = client(role, credential)) {
                    thief.send(verb);
                    assertThat(thief.fault()).as("%s as %s", type, role).isEqualTo(Fault.PEER_REFUSED);
                }
                refused.add(type);
            }
        }
        Set<FrameType> all = EnumSet.allOf(FrameType.class);
        all.removeIf(type -> !type.isSentBy(Peer.CLIENT) || type.isAllowedFor(role));
        all.removeAll(Set.of(FrameType.HELLO, FrameType.SLICE));
        assertThat(refused).as("no verb is missing in the list").isEqualTo(all);
    }

    @Test
    void noOtherRoleIsOpenToItsGrantsOrToOnesThatItSignedItself() throws Exception {
        ByteString audit = loot.auditCredential().grantEnvelope();
        for (ClientRole role : List.of(ClientRole.RESTORE, ClientRole.ADMIN, ClientRole.AUDIT)) {
            ByteString own = ClientGrants.sign(
                    key, new ClientTerms(loot.vault(), tls.spki(), Set.of(role.wireId()), 99, 1, 0, Set.of()));
            for (ByteString credential : List.of(audit, grantEnvelope, own, ByteString.EMPTY)) {
                if (role == ClientRole.AUDIT && credential.equals(audit)) {
                    continue;
                }
                try (BareClient thief = client()) {
                    thief.hello(loot.vault(), role, credential);
                    assertThat(thief.fault()).as("%s", role).isIn(Fault.PEER_REFUSED, Fault.INTEGRITY, Fault.PROTOCOL);
                }
            }
        }
    }

    @Test
    void aGrantThatItSignedItselfOpensNoDataset() throws Exception {
        DatasetTerms other = new DatasetTerms(
                grant.vault(),
                DatasetId.random(random),
                grant.dataClass(),
                grant.keyEpoch(),
                grant.publicKey(),
                grant.sender(),
                grant.senderTlsSpki(),
                grant.sites(),
                grant.policySha256(),
                grant.sequence() + 1,
                grant.issuedAt(),
                grant.notAfter());
        try (BareClient thief = client()) {
            thief.hello(loot.vault(), ClientRole.APPEND, DatasetGrants.sign(key, other));
            assertThat(thief.fault()).isEqualTo(Fault.PEER_REFUSED);
        }
    }

    @Test
    void aPackThatIsThereKeepsItsBytes() throws Exception {
        PackEntry there = owner.sent.keySet().iterator().next();
        byte[] other = new byte[UploadFixture.S];
        random.nextBytes(other);
        try (BareClient thief = client()) {
            open(thief);
            for (int i = 0; i < UploadFixture.GEOMETRY.segments((int) there.length()); i++) {
                thief.slice(there.id(), i, other);
            }
            thief.send(PackEnd.newBuilder()
                    .setPack(ByteString.copyFrom(there.id().toBytes()))
                    .setLength((int) there.length())
                    .setRoot(ByteString.copyFrom(new byte[Hash.BYTES]))
                    .build());
            // Where slices still wait to be written when the pack is refused, theirs is the first word.
            assertThat(thief.fault()).isIn(Fault.PROTOCOL, Fault.NO_SESSION);
        }
    }

    @Test
    void aManifestCannotTakeThePlaceOfOneThatIsThere() throws Exception {
        SessionId session = SessionId.random(random);
        try (BareClient thief = client()) {
            open(thief, session);
            thief.send(commit(stub(session, 1, Hash.ZERO, key)));
            assertThat(thief.await(CommitConflict.class).getSequence()).isEqualTo(1);
        }
    }

    @Test
    void aManifestThatDropsEveryPackTakesNothingFromTheOnesBefore() throws Exception {
        SessionId session = SessionId.random(random);
        PackIds all = PackIds.of(owner.sent.keySet().stream().map(PackEntry::id).toList());
        StubTerms emptied = new StubTerms(
                grant.vault(),
                grant.dataset(),
                2,
                ManifestStubs.hash(manifest),
                session,
                PackTable.EMPTY,
                all,
                List.of(Hashes.sha256(owner.opening.header())),
                1,
                Hashes.sha256(BODY));
        try (BareClient thief = client()) {
            open(thief, session);
            thief.send(commit(ManifestStubs.sign(key, emptied)));
            assertThat(thief.answer())
                    .as("a newest snapshot of nothing is a sender's right")
                    .isInstanceOf(Committed.class);
        }
    }

    @Test
    void aManifestOfAnotherKeyIsRefused() throws Exception {
        SessionId session = SessionId.random(random);
        try (SigningKey stranger = SigningKey.generate(random);
                BareClient thief = client()) {
            open(thief, session);
            thief.send(commit(stub(session, 2, ManifestStubs.hash(manifest), stranger)));
            assertThat(thief.fault()).isIn(Fault.PEER_REFUSED, Fault.INTEGRITY);
        }
    }

    @Test
    void aKeyringThatItSignedItselfIsNotStored() throws Exception {
        ByteString newest =
                SignedEnvelope.parseFrom(loot.newestKeyring().envelope()).getPayload();
        Keyring next = Keyring.parseFrom(newest).toBuilder()
                .setCounter(loot.newestKeyring().counter() + 1)
                .setPrevious(ByteString.copyFrom(Hashes.sha256(newest).toBytes()))
                .build();
        try (BareClient thief = client(ClientRole.APPEND, grantEnvelope)) {
            thief.send(DeliverKeyring.newBuilder()
                    .setKeyring(key.sign(SignerRole.ORDER, SignedType.KEYRING, next))
                    .build());
            assertThat(thief.fault()).isIn(Fault.PEER_REFUSED, Fault.INTEGRITY);
        }
    }

    @Test
    void itsKeySignsNoOrderAndNoReceipt() throws Exception {
        SiteTerms self = site.terms();
        long now = 1_800_000_000L;
        ByteString order =
                Orders.sign(key, new RetireTerms(grant.vault(), self.site(), grant.dataset(), 99, now, now + 3600, 2));
        assertFault(() -> Orders.verifyAtSite(order, self, now), Fault.PEER_REFUSED);
        ReceiptTerms terms = new ReceiptTerms(
                grant.vault(),
                self.site(),
                grant.dataset(),
                1,
                1,
                Hash.ZERO,
                0,
                Hash.ZERO,
                ManifestStubs.hash(manifest),
                now,
                0,
                null);
        ByteString receipt = Receipts.sign(key, terms);
        try (BareClient thief = client()) {
            Welcome welcome = thief.welcome(loot.vault(), ClientRole.APPEND, grantEnvelope);
            SiteIdentity identity = NodeIdentities.readSite(welcome.getIdentity(), site.fingerprint());
            assertFault(() -> Receipts.verify(receipt, identity, grant.vault()), Fault.PEER_REFUSED);
        }
    }

    private static void assertFault(ThrowingCallable call, Fault fault) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        FaultException.class, e -> assertThat(e.fault()).isEqualTo(fault));
    }

    private void open(BareClient thief) throws Exception {
        open(thief, SessionId.random(random));
    }

    /** A session as the real sender opens it: this much its credentials are for. */
    private void open(BareClient thief, SessionId session) throws Exception {
        Welcome welcome = thief.welcome(loot.vault(), ClientRole.APPEND, grantEnvelope);
        SessionOpening opening = owner.home.session(session);
        SessionTerms terms = new SessionTerms(
                grant.vault(),
                grant.dataset(),
                session,
                site.site(),
                welcome.getNonce(),
                Hashes.sha256(opening.header()),
                grant.sequence(),
                UploadFixture.GEOMETRY);
        thief.send(Open.newBuilder()
                .setOpen(SessionOpens.sign(key, terms))
                .setSessionHeader(opening.header())
                .build());
        thief.await(Opened.class);
    }

    private ByteString stub(SessionId session, long sequence, Hash previous, SigningKey signer) {
        return ManifestStubs.sign(
                signer,
                new StubTerms(
                        grant.vault(),
                        grant.dataset(),
                        sequence,
                        previous,
                        session,
                        PackTable.EMPTY,
                        PackIds.EMPTY,
                        List.of(Hashes.sha256(owner.opening.header())),
                        1,
                        Hashes.sha256(BODY)));
    }

    private static Commit commit(ByteString stub) {
        return Commit.newBuilder().setStub(stub).setBody(BODY).build();
    }
}
