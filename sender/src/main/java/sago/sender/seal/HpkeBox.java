package sago.sender.seal;

import com.google.protobuf.ByteString;
import java.security.SecureRandom;
import org.bouncycastle.crypto.AsymmetricCipherKeyPair;
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.hpke.HPKE;
import org.bouncycastle.crypto.hpke.HPKEContextWithEncapsulation;
import org.bouncycastle.crypto.params.AsymmetricKeyParameter;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.secret.SecretBytes;

/**
 * One-shot HPKE (RFC 9180) in base mode with X-Wing (0x647a), HKDF-SHA256 and ChaCha20-Poly1305. A box is the encapsulation, 1120 bytes,
 * followed by the ciphertext with its tag. Any thread.
 */
public final class HpkeBox {
    /** Bytes of an encapsulation. */
    public static final int ENC_BYTES = 1120;

    /** What a box is longer than what is in it. */
    public static final int OVERHEAD_BYTES = ENC_BYTES + 16;

    /** Randomness of one X-Wing encapsulation: 32 for ML-KEM-768, 32 for X25519. */
    private static final int ENCAPSULATION_SEED_BYTES = 64;

    private HpkeBox() {}

    /**
     * Seals to whoever has the seed of this public key. Borrows all.
     *
     * @throws FaultException INTEGRITY if these bytes are no public key
     */
    public static ByteString seal(ByteString publicKey, byte[] info, byte[] aad, SecretBytes plain, SecureRandom random)
            throws FaultException {
        HPKE suite = suite();
        byte[] text = plain.reveal();
        try (SecretBytes seed = SecretBytes.random(ENCAPSULATION_SEED_BYTES, random)) {
            AsymmetricKeyParameter key = suite.deserializePublicKey(publicKey.toByteArray());
            HPKEContextWithEncapsulation context = suite.setupBaseS(key, info, seed.reveal());
            byte[] sealed = context.seal(aad, text);
            return ByteString.copyFrom(context.getEncapsulation()).concat(ByteString.copyFrom(sealed));
        } catch (InvalidCipherTextException | RuntimeException e) {
            throw new FaultException(Fault.INTEGRITY, "nothing can be sealed to this X-Wing public key", e);
        }
    }

    /**
     * Opens a box. Borrows all; the caller closes what it gets.
     *
     * @throws FaultException WRONG_KEY if the seed does not open it: another key, another context, or changed bytes
     */
    public static SecretBytes open(SecretBytes seed, byte[] info, byte[] aad, ByteString box) throws FaultException {
        if (box.size() < OVERHEAD_BYTES) {
            throw new FaultException(Fault.INTEGRITY, "sealed box is cut short: " + box.size() + " bytes");
        }
        byte[] enc = box.substring(0, ENC_BYTES).toByteArray();
        byte[] sealed = box.substring(ENC_BYTES).toByteArray();
        HPKE suite = suite();
        AsymmetricCipherKeyPair pair = suite.deserializePrivateKey(seed.reveal(), null);
        try {
            return SecretBytes.of(suite.setupBaseR(enc, pair, info).open(aad, sealed));
        } catch (InvalidCipherTextException | RuntimeException e) {
            // Bouncy Castle throws unchecked exceptions at encapsulations that no honest sender makes.
            throw new FaultException(
                    Fault.WRONG_KEY,
                    "this key does not open the sealed box: it is another key, or the box was changed",
                    e);
        }
    }

    /** Instances keep state of their calls: a fresh one each time. */
    static HPKE suite() {
        return new HPKE(HPKE.mode_base, HPKE.kem_X_WING, HPKE.kdf_HKDF_SHA256, HPKE.aead_CHACHA20_POLY1305);
    }
}
