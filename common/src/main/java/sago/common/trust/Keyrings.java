package sago.common.trust;

import com.google.protobuf.ByteString;
import sago.common.fault.FaultException;
import sago.common.id.Hash;
import sago.common.id.VaultId;
import sago.common.proto.Keyring;
import sago.common.sign.Envelopes;
import sago.common.sign.SignedType;
import sago.common.sign.SignerRole;
import sago.common.sign.SigningKey;

/** Signing and verifying keyrings. Stateless; any thread. */
public final class Keyrings {
    private Keyrings() {}

    public static ByteString sign(SigningKey order, KeyringTerms terms) {
        Terms.require(order.verifyingKey().equals(terms.home().order()), "the order key is not that of home");
        Keyring keyring = Keyring.newBuilder()
                .setFormat(Terms.FORMAT)
                .setVault(Terms.bytes(terms.vault().toBytes()))
                .setKitVersion(terms.kitVersion())
                .setCounter(terms.counter())
                .setPrevious(Terms.bytes(terms.previous()))
                .setSealed(terms.sealed())
                .setAnchor(Terms.bytes(terms.anchor()))
                .setHomeIdentity(terms.home().bytes())
                .build();
        return order.sign(SignerRole.ORDER, SignedType.KEYRING, keyring);
    }

    /** Signed by this home. */
    public static KeyringTerms verify(ByteString envelope, HomeIdentity home) throws FaultException {
        KeyringTerms terms = read(home.order().verify(envelope, SignerRole.ORDER, SignedType.KEYRING));
        Terms.demand(terms.home().bytes().equals(home.bytes()), "the keyring is of another home");
        return terms;
    }

    /**
     * Verifies a keyring against the identity that it carries itself, where home is lost and only the kit is left. That proves
     * nothing until the anchor was compared with what the kit makes of vault, kit version and home identity.
     */
    public static KeyringTerms verifyAgainstItself(ByteString envelope) throws FaultException {
        return verify(
                envelope,
                read(Envelopes.unverifiedPayload(envelope, SignedType.KEYRING)).home());
    }

    /** SHA-256 of the payload, which the next keyring names; signatures are NOT checked here. */
    public static Hash hash(ByteString envelope) throws FaultException {
        return Envelopes.payloadHash(envelope, SignedType.KEYRING);
    }

    private static KeyringTerms read(ByteString payload) throws FaultException {
        return Terms.read("keyring", payload, Keyring.parser(), keyring -> {
            Terms.checkFormat("keyring", keyring.getFormat());
            return new KeyringTerms(
                    VaultId.of(keyring.getVault().toByteArray()),
                    keyring.getKitVersion(),
                    keyring.getCounter(),
                    Terms.hash(keyring.getPrevious()),
                    keyring.getSealed(),
                    Terms.hash(keyring.getAnchor()),
                    NodeIdentities.readHome(keyring.getHomeIdentity()));
        });
    }
}
