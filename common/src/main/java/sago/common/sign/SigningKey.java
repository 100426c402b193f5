package sago.common.sign;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import java.security.SecureRandom;
import sago.common.proto.DualPublicKey;
import sago.common.proto.SignedEnvelope;
import sago.common.secret.SecretBytes;

/**
 * Private half of a role's key: the seeds of an Ed25519 and of an ML-DSA-65 key, both of which sign everything. Immutable until
 * closed; any thread. Closing zeroes the seeds.
 */
public final class SigningKey implements AutoCloseable {
    public static final int SEED_BYTES = 32;

    private final SecretBytes ed25519;
    private final SecretBytes mlDsa65;
    private final VerifyingKey verifyingKey;

    private SigningKey(SecretBytes ed25519, SecretBytes mlDsa65) {
        this.ed25519 = ed25519;
        this.mlDsa65 = mlDsa65;
        this.verifyingKey = VerifyingKey.ofOwn(DualPublicKey.newBuilder()
                .setEd25519(ByteString.copyFrom(Ed25519.publicKey(ed25519.reveal())))
                .setMlDsa65(ByteString.copyFrom(MlDsa65.publicKey(mlDsa65.reveal())))
                .build());
    }

    /** A fresh key. */
    public static SigningKey generate(SecureRandom random) {
        return new SigningKey(SecretBytes.random(SEED_BYTES, random), SecretBytes.random(SEED_BYTES, random));
    }

    /** The key of two seeds of 32 bytes. Takes ownership of both. */
    public static SigningKey ofSeeds(SecretBytes ed25519, SecretBytes mlDsa65) {
        return new SigningKey(ed25519, mlDsa65);
    }

    /** Borrowed: lives as long as this key. */
    public SecretBytes ed25519Seed() {
        return ed25519;
    }

    /** Borrowed: lives as long as this key. */
    public SecretBytes mlDsa65Seed() {
        return mlDsa65;
    }

    public VerifyingKey verifyingKey() {
        return verifyingKey;
    }

    /** Serialises the payload once, signs those bytes and returns the bytes of their SignedEnvelope. */
    public ByteString sign(SignerRole role, SignedType type, MessageLite payload) {
        return sign(role, type, payload.toByteString());
    }

    /** Signs exact bytes and returns the bytes of their SignedEnvelope. */
    public ByteString sign(SignerRole role, SignedType type, ByteString payload) {
        if (type.role() != role) {
            throw new IllegalArgumentException(type.label() + " is not signed by role " + role.label());
        }
        if (payload.size() > type.payloadBytesMax()) {
            throw new IllegalArgumentException(type.label() + " of " + payload.size() + " bytes is too long to sign");
        }
        byte[] input = SignedInput.of(role, type, payload);
        return SignedEnvelope.newBuilder()
                .setRole(role.wireId())
                .setType(type.wireId())
                .setKeyId(ByteString.copyFrom(verifyingKey.keyId().toBytes()))
                .setPayload(payload)
                .setEd25519(ByteString.copyFrom(Ed25519.sign(ed25519.reveal(), input)))
                .setMlDsa65(ByteString.copyFrom(MlDsa65.sign(mlDsa65.reveal(), input)))
                .build()
                .toByteString();
    }

    @Override
    public void close() {
        ed25519.close();
        mlDsa65.close();
    }

    @Override
    public String toString() {
        return "SigningKey[" + verifyingKey.keyId() + "]";
    }
}
