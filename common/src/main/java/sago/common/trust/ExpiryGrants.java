package sago.common.trust;

import com.google.protobuf.ByteString;
import sago.common.fault.FaultException;
import sago.common.id.Hash;
import sago.common.id.VaultId;
import sago.common.proto.ExpiryGrant;
import sago.common.sign.Envelopes;
import sago.common.sign.SignedType;
import sago.common.sign.SignerRole;
import sago.common.sign.SigningKey;
import sago.common.sign.VerifyingKey;

/** Signing and verifying what a key of role expiry may do. Stateless; any thread. */
public final class ExpiryGrants {
    private ExpiryGrants() {}

    public static ByteString sign(SigningKey order, ExpiryGrantTerms terms) {
        ExpiryGrant grant = ExpiryGrant.newBuilder()
                .setFormat(Terms.FORMAT)
                .setVault(Terms.bytes(terms.vault().toBytes()))
                .setExpiryKey(terms.expiryKey().toProto())
                .setMinimumAgeS(terms.minimumAgeSeconds())
                .setSnapshotsPerDayMax(terms.snapshotsPerDayMax())
                .setSequence(terms.sequence())
                .setIssuedAt(terms.issuedAt())
                .setNotAfter(terms.notAfter())
                .build();
        return order.sign(SignerRole.ORDER, SignedType.EXPIRY_GRANT, grant);
    }

    /** Signed by home's order key, of its vault and not ended (PEER_REFUSED). */
    public static ExpiryGrantTerms verify(ByteString envelope, HomeIdentity home, long nowSeconds)
            throws FaultException {
        ExpiryGrantTerms terms = read(home.order().verify(envelope, SignerRole.ORDER, SignedType.EXPIRY_GRANT));
        Terms.demand(terms.vault().equals(home.vault()), "the expiry grant is of another vault");
        Terms.demand(
                !terms.expiryKey().equals(home.order()), "the expiry grant names the order key, which expires nothing");
        Terms.checkNotAfter("expiry grant", terms.notAfter(), nowSeconds);
        return terms;
    }

    /** What orders name it by: SHA-256 of the exact bytes that were signed. Signatures are not checked. */
    public static Hash hash(ByteString envelope) throws FaultException {
        return Envelopes.payloadHash(envelope, SignedType.EXPIRY_GRANT);
    }

    private static ExpiryGrantTerms read(ByteString payload) throws FaultException {
        return Terms.read("expiry grant", payload, ExpiryGrant.parser(), grant -> {
            Terms.checkFormat("expiry grant", grant.getFormat());
            return new ExpiryGrantTerms(
                    VaultId.of(grant.getVault().toByteArray()),
                    VerifyingKey.of(grant.getExpiryKey()),
                    grant.getMinimumAgeS(),
                    grant.getSnapshotsPerDayMax(),
                    grant.getSequence(),
                    grant.getIssuedAt(),
                    grant.getNotAfter());
        });
    }
}
