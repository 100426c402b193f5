package sago.sender.keys;

import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import sago.common.id.Hash;
import sago.common.secret.SecretBytes;

/** HMAC-SHA-256 of small inputs. Stateless; any thread. */
final class Macs {
    private static final String ALGORITHM = "HmacSHA256";

    private Macs() {}

    /** Borrows both. */
    static Hash hmacSha256(SecretBytes key, byte[] input) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key.reveal(), ALGORITHM));
            return Hash.of(mac.doFinal(input));
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException("this Java has no " + ALGORITHM, e);
        }
    }

    /** Compares in a time that does not depend on where they differ. */
    static boolean equal(Hash a, Hash b) {
        return MessageDigest.isEqual(a.toBytes(), b.toBytes());
    }
}
