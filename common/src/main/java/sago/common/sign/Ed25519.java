package sago.common.sign;

import java.util.Arrays;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.crypto.params.Ed25519PublicKeyParameters;
import org.bouncycastle.crypto.signers.Ed25519Signer;

/** Pure Ed25519 (RFC 8032). Stateless; any thread. */
final class Ed25519 {
    static final int SEED_BYTES = 32;
    static final int PUBLIC_BYTES = 32;
    static final int SIGNATURE_BYTES = 64;

    private Ed25519() {}

    static byte[] publicKey(byte[] seed) {
        checkSeed(seed);
        return new Ed25519PrivateKeyParameters(seed).generatePublicKey().getEncoded();
    }

    /** Borrows the seed. */
    static byte[] sign(byte[] seed, byte[] message) {
        checkSeed(seed);
        Ed25519Signer signer = new Ed25519Signer();
        signer.init(true, new Ed25519PrivateKeyParameters(seed));
        signer.update(message, 0, message.length);
        return signer.generateSignature();
    }

    /** False for a signature or key of another length, or one that is no point. */
    static boolean verify(byte[] publicKey, byte[] message, byte[] signature) {
        if (publicKey.length != PUBLIC_BYTES || signature.length != SIGNATURE_BYTES) {
            return false;
        }
        Ed25519Signer signer = new Ed25519Signer();
        try {
            signer.init(false, new Ed25519PublicKeyParameters(publicKey));
        } catch (IllegalArgumentException notAPoint) {
            return false;
        }
        signer.update(message, 0, message.length);
        return signer.verifySignature(signature);
    }

    /** Whether 32 bytes are a point that may be a public key. */
    static boolean isPublicKey(byte[] publicKey) {
        if (publicKey.length != PUBLIC_BYTES) {
            return false;
        }
        try {
            return Arrays.equals(new Ed25519PublicKeyParameters(publicKey).getEncoded(), publicKey);
        } catch (IllegalArgumentException notAPoint) {
            return false;
        }
    }

    private static void checkSeed(byte[] seed) {
        if (seed.length != SEED_BYTES) {
            throw new IllegalArgumentException("Ed25519 seed is not 32 bytes: " + seed.length);
        }
    }
}
