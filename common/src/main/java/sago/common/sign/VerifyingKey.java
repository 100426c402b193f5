package sago.common.sign;

import com.google.protobuf.ByteString;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.id.Hash;
import sago.common.proto.DualPublicKey;
import sago.common.proto.SignedEnvelope;

/**
 * Public half of a role's key. Its id is the SHA-256 of the Ed25519 key (32 bytes) followed by the ML-DSA-65 key (1952 bytes).
 * Immutable; any thread.
 */
public final class VerifyingKey {
    private final DualPublicKey key;
    private final Hash keyId;

    private VerifyingKey(DualPublicKey key) {
        this.key = key;
        this.keyId = Hashes.sha256(key.getEd25519(), key.getMlDsa65());
    }

    static VerifyingKey ofOwn(DualPublicKey key) {
        return new VerifyingKey(key);
    }

    /** A key that came from outside; a wrong length or a point that is none is INTEGRITY. */
    public static VerifyingKey of(DualPublicKey key) throws FaultException {
        UnknownFields.refuse(key);
        if (!Ed25519.isPublicKey(key.getEd25519().toByteArray())
                || key.getMlDsa65().size() != MlDsa65.PUBLIC_BYTES) {
            throw new FaultException(Fault.INTEGRITY, "a public key is damaged: wrong length or no key at all");
        }
        return new VerifyingKey(key);
    }

    public Hash keyId() {
        return keyId;
    }

    public DualPublicKey toProto() {
        return key;
    }

    /**
     * Verifies an envelope from a peer or a disk and returns the exact bytes that were signed. In this order: bounds, role and type,
     * key id, both signatures.
     *
     * @throws FaultException PEER_REFUSED for another role, type or key, VERSION for a field that this version does not know, LIMIT
     *     for one that is too long, INTEGRITY for a signature that does not verify
     */
    public ByteString verify(ByteString envelope, SignerRole role, SignedType type) throws FaultException {
        SignedEnvelope signed = Envelopes.parse(envelope, type);
        if (signed.getRole() != role.wireId() || signed.getType() != type.wireId() || type.role() != role) {
            throw new FaultException(
                    Fault.PEER_REFUSED,
                    "expected a " + type.label() + " signed by role " + role.label() + ", got role " + signed.getRole()
                            + ", type " + signed.getType());
        }
        if (!signed.getKeyId().equals(ByteString.copyFrom(keyId.toBytes()))) {
            throw new FaultException(
                    Fault.PEER_REFUSED, "the " + type.label() + " is signed by another " + role.label() + " key");
        }
        byte[] input = SignedInput.of(role, type, signed.getPayload());
        boolean classic = Ed25519.verify(
                key.getEd25519().toByteArray(), input, signed.getEd25519().toByteArray());
        boolean lattice = MlDsa65.verify(
                key.getMlDsa65().toByteArray(), input, signed.getMlDsa65().toByteArray());
        if (!classic || !lattice) {
            throw new FaultException(
                    Fault.INTEGRITY,
                    "the " + (classic ? "ML-DSA-65" : "Ed25519") + " signature of a " + type.label()
                            + " does not verify");
        }
        return signed.getPayload();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof VerifyingKey that && keyId.equals(that.keyId);
    }

    @Override
    public int hashCode() {
        return keyId.hashCode();
    }

    @Override
    public String toString() {
        return "VerifyingKey[" + keyId + "]";
    }
}
