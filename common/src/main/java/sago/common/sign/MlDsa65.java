package sago.common.sign;

import org.bouncycastle.crypto.CryptoException;
import org.bouncycastle.crypto.params.MLDSAParameters;
import org.bouncycastle.crypto.params.MLDSAPrivateKeyParameters;
import org.bouncycastle.crypto.params.MLDSAPublicKeyParameters;
import org.bouncycastle.crypto.signers.MLDSASigner;

/**
 * ML-DSA-65 (FIPS 204) in pure mode with an empty context. Signing is the deterministic variant: the same stub signed again
 * gives the same envelope, and nothing depends on randomness at signing time. Stateless; any thread.
 */
final class MlDsa65 {
    static final int SEED_BYTES = 32;
    static final int PUBLIC_BYTES = 1952;
    static final int SIGNATURE_BYTES = 3309;

    private MlDsa65() {}

    static byte[] publicKey(byte[] seed) {
        MLDSAPrivateKeyParameters key = privateKey(seed);
        try {
            return key.getPublicKey();
        } finally {
            key.destroy();
        }
    }

    /** Borrows the seed. */
    static byte[] sign(byte[] seed, byte[] message) {
        MLDSAPrivateKeyParameters key = privateKey(seed);
        MLDSASigner signer = new MLDSASigner();
        signer.init(true, key);
        signer.update(message, 0, message.length);
        try {
            return signer.generateSignature();
        } catch (CryptoException e) {
            throw new IllegalStateException("ML-DSA-65 cannot sign", e);
        } finally {
            key.destroy();
        }
    }

    /** False for a signature or key of another length. */
    static boolean verify(byte[] publicKey, byte[] message, byte[] signature) {
        if (publicKey.length != PUBLIC_BYTES || signature.length != SIGNATURE_BYTES) {
            return false;
        }
        MLDSASigner signer = new MLDSASigner();
        signer.init(false, new MLDSAPublicKeyParameters(MLDSAParameters.ml_dsa_65, publicKey));
        signer.update(message, 0, message.length);
        return signer.verifySignature(signature);
    }

    private static MLDSAPrivateKeyParameters privateKey(byte[] seed) {
        if (seed.length != SEED_BYTES) {
            throw new IllegalArgumentException("ML-DSA-65 seed is not 32 bytes: " + seed.length);
        }
        // A copy, because the key keeps the array and destroying the key zeroes it.
        return new MLDSAPrivateKeyParameters(MLDSAParameters.ml_dsa_65, seed.clone());
    }
}
