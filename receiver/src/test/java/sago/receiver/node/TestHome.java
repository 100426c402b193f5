package sago.receiver.node;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import sago.common.fault.FaultException;
import sago.common.id.DatasetId;
import sago.common.id.Hash;
import sago.common.id.PackId;
import sago.common.id.SessionId;
import sago.common.id.SiteId;
import sago.common.id.VaultId;
import sago.common.merkle.MerkleHasher;
import sago.common.net.TlsIdentity;
import sago.common.pack.PackEntry;
import sago.common.pack.PackGeometry;
import sago.common.pack.PackHeader;
import sago.common.protocol.ClientRole;
import sago.common.sign.Hashes;
import sago.common.sign.SigningKey;
import sago.common.time.Clock;
import sago.common.trust.ClientGrants;
import sago.common.trust.ClientTerms;
import sago.common.trust.DatasetGrants;
import sago.common.trust.DatasetTerms;
import sago.common.trust.GrantPinTerms;
import sago.common.trust.GrantPins;
import sago.common.trust.HomeIdentity;
import sago.common.trust.ManifestStubs;
import sago.common.trust.NodeIdentities;
import sago.common.trust.Orders;
import sago.common.trust.PackIds;
import sago.common.trust.PackTable;
import sago.common.trust.ResealTerms;
import sago.common.trust.RetireTerms;
import sago.common.trust.SessionHeaderTerms;
import sago.common.trust.SessionHeaders;
import sago.common.trust.SessionOpens;
import sago.common.trust.SessionTerms;
import sago.common.trust.SiteGrants;
import sago.common.trust.SiteRequestTerms;
import sago.common.trust.SiteRequests;
import sago.common.trust.SiteTerms;
import sago.common.trust.StubTerms;

/** A home without secrets: keys, grants, and packs of noise with true headers and roots. For one thread. */
final class TestHome {
    static final PackGeometry GEOMETRY = new PackGeometry(8 << 10, 64 << 10);

    final SecureRandom random = new SecureRandom();
    final VaultId vault;
    final SigningKey order;
    final SigningKey sender = SigningKey.generate(random);
    final HomeIdentity identity;
    final TlsIdentity senderTls = TlsIdentity.generate("sender", random, Clock.system());
    final TlsIdentity kitTls;
    final TlsIdentity auditTls = TlsIdentity.generate("audit", random, Clock.system());
    final DatasetId dataset = DatasetId.random(random);

    /** Of the newest grant of the dataset. */
    long grantSequence = 1;

    private final long now = Clock.system().wallMs() / 1000;
    private final MerkleHasher hasher = new MerkleHasher();

    TestHome() {
        vault = VaultId.random(random);
        order = SigningKey.generate(random);
        identity = NodeIdentities.ofHome(vault, order.verifyingKey());
        kitTls = TlsIdentity.generate("kit", random, Clock.system());
    }

    private TestHome(TestHome of) {
        vault = of.vault;
        order = of.order;
        identity = of.identity;
        kitTls = of.kitTls;
    }

    /** Another dataset of the same vault with a sender of its own. */
    TestHome otherDataset() {
        return new TestHome(this);
    }

    /** A pack as it would leave home. */
    record Pack(PackEntry entry, ByteBuffer bytes) {
        ByteBuffer slice(int index) {
            int length = Math.min(GEOMETRY.segmentBytes(), bytes.capacity());
            return bytes.slice(index * length, length);
        }

        int slices() {
            return GEOMETRY.segments(bytes.capacity());
        }
    }

    /** Envelope and text for a site, from its request. */
    record Enrolment(ByteString grant, String text) {}

    Enrolment enrol(String request) throws FaultException {
        SiteRequestTerms site = SiteRequests.parse(request);
        SiteTerms terms = new SiteTerms(
                vault,
                site.site(),
                site.name(),
                site.jurisdiction(),
                List.of("internal"),
                site.identityFingerprint(),
                identity,
                kitTls.spki(),
                1,
                now);
        ByteString envelope = SiteGrants.sign(order, terms);
        GrantPinTerms pin = GrantPins.of(terms, envelope);
        return new Enrolment(envelope, GrantPins.text(pin));
    }

    DatasetTerms datasetTerms(SiteId site, String dataClass, long sequence) {
        return new DatasetTerms(
                vault,
                dataset,
                dataClass,
                1,
                ByteString.copyFrom(new byte[DatasetTerms.PUBLIC_KEY_BYTES]),
                sender.verifyingKey(),
                senderTls.spki(),
                Map.of(site, "SG"),
                Hash.ZERO,
                sequence,
                now,
                0);
    }

    ByteString datasetGrant(SiteId site) {
        return DatasetGrants.sign(order, datasetTerms(site, "internal", grantSequence));
    }

    ByteString auditGrant() {
        return clientGrant(auditTls, ClientRole.AUDIT, Set.of());
    }

    ByteString clientGrant(TlsIdentity client, ClientRole role, Set<DatasetId> datasets) {
        return ClientGrants.sign(
                order, new ClientTerms(vault, client.spki(), Set.of(role.wireId()), 1, now, 0, datasets));
    }

    ByteString sessionHeader(SessionId session) {
        return sessionHeader(session, 1, Hash.ZERO);
    }

    ByteString sessionHeader(SessionId session, int keyEpoch, Hash replaces) {
        return SessionHeaders.build(new SessionHeaderTerms(
                vault,
                dataset,
                keyEpoch,
                session,
                ByteString.copyFrom(new byte[SessionHeaderTerms.ENC_BYTES]),
                ByteString.copyFrom(new byte[SessionHeaderTerms.SEALED_KEY_BYTES]),
                replaces));
    }

    ByteString sessionOpen(SessionId session, SiteId site, ByteString nonce) {
        return sessionOpen(session, site, nonce, sessionHeader(session));
    }

    ByteString sessionOpen(SessionId session, SiteId site, ByteString nonce, ByteString header) {
        return SessionOpens.sign(
                sender,
                new SessionTerms(vault, dataset, session, site, nonce, Hashes.sha256(header), grantSequence, GEOMETRY));
    }

    /** Seals the keys of sessions to another epoch at a site. */
    ByteString reseal(SiteId site, long sequence, int keyEpoch, SessionId... sessions) {
        List<ByteString> headers = new ArrayList<>();
        for (SessionId session : sessions) {
            headers.add(sessionHeader(session, keyEpoch, Hashes.sha256(sessionHeader(session))));
        }
        return Orders.sign(order, new ResealTerms(vault, site, dataset, sequence, now, 0, headers));
    }

    ByteString retire(SiteId site, long sequence, int keyEpoch) {
        return Orders.sign(order, new RetireTerms(vault, site, dataset, sequence, now, 0, keyEpoch));
    }

    Pack pack(SessionId session, int length) {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        byte[] noise = new byte[length];
        new Random(length + 31L * random.nextInt()).nextBytes(noise);
        bytes.put(noise).clear();
        PackId id = PackId.random(random);
        new PackHeader(GEOMETRY.segmentBytes(), vault, dataset, session, id).write(bytes);
        bytes.clear();
        List<Hash> roots = new ArrayList<>();
        Pack pack = new Pack(new PackEntry(id, length, Hash.ZERO), bytes);
        for (int i = 0; i < pack.slices(); i++) {
            roots.add(hasher.slice(pack.slice(i)));
        }
        return new Pack(new PackEntry(id, length, hasher.root(roots)), bytes);
    }

    /** A stub that adds these packs after the given head. */
    ByteString stub(SessionId session, long sequence, Hash previous, List<PackEntry> added, ByteString body) {
        return stub(session, sequence, previous, new Change(added, List.of()), body);
    }

    /** What a manifest adds and drops. */
    record Change(List<PackEntry> added, List<PackId> dropped) {}

    ByteString stub(SessionId session, long sequence, Hash previous, Change change, ByteString body) {
        return ManifestStubs.sign(
                sender,
                new StubTerms(
                        vault,
                        dataset,
                        sequence,
                        previous,
                        session,
                        PackTable.of(change.added()),
                        PackIds.of(change.dropped()),
                        List.of(Hashes.sha256(sessionHeader(session))),
                        0,
                        Hashes.sha256(body)));
    }
}
