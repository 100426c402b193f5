package sago.sender.seal;

import com.google.protobuf.ByteString;
import java.security.SecureRandom;
import org.bouncycastle.pqc.crypto.xwing.XWingPublicKeyParameters;
import sago.common.secret.SecretBytes;

/**
 * An X-Wing key pair (draft-connolly-cfrg-xwing-kem): X25519 and ML-KEM-768 in one. The private half is its 32-byte seed. Immutable until
 * closed, any thread.
 */
public final class KemKeyPair implements AutoCloseable {
    public static final int SEED_BYTES = 32;
    public static final int PUBLIC_KEY_BYTES = 1216;

    private final SecretBytes seed;
    private final ByteString publicKey;

    private KemKeyPair(SecretBytes seed) {
        this.seed = seed;
        this.publicKey = ByteString.copyFrom(publicHalf(seed).getEncoded());
    }

    public static KemKeyPair generate(SecureRandom random) {
        return new KemKeyPair(SecretBytes.random(SEED_BYTES, random));
    }

    /** Takes ownership of the seed: it is closed with the pair. */
    public static KemKeyPair ofSeed(SecretBytes seed) {
        if (seed.length() != SEED_BYTES) {
            throw new IllegalArgumentException("X-Wing seed is not 32 bytes: " + seed.length());
        }
        return new KemKeyPair(seed);
    }

    /** 1216 bytes. */
    public ByteString publicKey() {
        return publicKey;
    }

    /** The private half, which the pair still owns. */
    public SecretBytes seed() {
        return seed;
    }

    private static XWingPublicKeyParameters publicHalf(SecretBytes seed) {
        return (XWingPublicKeyParameters)
                HpkeBox.suite().deserializePrivateKey(seed.reveal(), null).getPublic();
    }

    @Override
    public void close() {
        seed.close();
    }
}
