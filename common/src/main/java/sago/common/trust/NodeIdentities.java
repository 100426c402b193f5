package sago.common.trust;

import com.google.protobuf.ByteString;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.id.Hash;
import sago.common.id.SiteId;
import sago.common.id.VaultId;
import sago.common.proto.NodeIdentity;
import sago.common.sign.Fingerprint;
import sago.common.sign.Hashes;
import sago.common.sign.VerifyingKey;

/** Building and reading public identities. Stateless; any thread. */
public final class NodeIdentities {
    private NodeIdentities() {}

    /** SHA-256 over exact NodeIdentity bytes. */
    public static Hash fingerprint(ByteString identity) {
        return Hashes.sha256(identity);
    }

    public static HomeIdentity ofHome(VaultId vault, VerifyingKey order) {
        NodeIdentity identity = NodeIdentity.newBuilder()
                .setId(Terms.bytes(vault.toBytes()))
                .setKey(order.toProto())
                .build();
        return new HomeIdentity(vault, order, identity.toByteString());
    }

    public static SiteIdentity ofSite(SiteId site, VerifyingKey key, Hash tlsSpki) {
        NodeIdentity identity = NodeIdentity.newBuilder()
                .setId(Terms.bytes(site.toBytes()))
                .setKey(key.toProto())
                .setTlsSpki(Terms.bytes(tlsSpki))
                .build();
        return new SiteIdentity(site, key, tlsSpki, identity.toByteString());
    }

    /** Reads the identity of a home; INTEGRITY if it is none. */
    public static HomeIdentity readHome(ByteString bytes) throws FaultException {
        return Terms.read("home identity", bytes, NodeIdentity.parser(), identity -> {
            Terms.require(identity.getTlsSpki().isEmpty(), "it names a TLS key, as only sites do");
            return new HomeIdentity(
                    VaultId.of(identity.getId().toByteArray()), VerifyingKey.of(identity.getKey()), bytes);
        });
    }

    /** Reads the identity of a site; INTEGRITY if it is none. */
    public static SiteIdentity readSite(ByteString bytes) throws FaultException {
        return Terms.read(
                "site identity",
                bytes,
                NodeIdentity.parser(),
                identity -> new SiteIdentity(
                        SiteId.of(identity.getId().toByteArray()),
                        VerifyingKey.of(identity.getKey()),
                        Terms.hash(identity.getTlsSpki()),
                        bytes));
    }

    /** Reads the identity that a site shows in WELCOME; PEER_REFUSED unless it is the pinned one. */
    public static SiteIdentity readSite(ByteString bytes, Hash pinnedFingerprint) throws FaultException {
        Hash shown = fingerprint(bytes);
        if (!shown.equals(pinnedFingerprint)) {
            throw new FaultException(
                    Fault.PEER_REFUSED,
                    "the site shows identity " + Fingerprint.words(shown) + ", enrolled is "
                            + Fingerprint.words(pinnedFingerprint)
                            + ": if the site was set up anew, enrol it with `sago site add` under another name; if not, somebody else answers there");
        }
        return readSite(bytes);
    }
}
