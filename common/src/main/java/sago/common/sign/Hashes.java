package sago.common.sign;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import sago.common.id.Hash;

/** SHA-256 over messages and other small things. Stateless; any thread. */
public final class Hashes {
    private Hashes() {}

    /** SHA-256 over the parts, one after the other. */
    public static Hash sha256(ByteString... parts) {
        MessageDigest digest = digest();
        for (ByteString part : parts) {
            for (ByteBuffer run : part.asReadOnlyByteBufferList()) {
                digest.update(run);
            }
        }
        return Hash.of(digest.digest());
    }

    /** SHA-256 over bytes. */
    public static Hash sha256(byte[] bytes) {
        return Hash.of(digest().digest(bytes));
    }

    private static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java has no SHA-256", e);
        }
    }
}
