package sago.common.secret;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import javax.crypto.Mac;

/**
 * HMAC-SHA-256 under one key, used again for message after message without allocation: chunk ids and anchors. Confined to one thread.
 */
public final class Hmac {
    public static final int BYTES = 32;

    private final Mac mac;

    /** Borrows the key. */
    public Hmac(SecretBytes key) {
        this.mac = Hkdf.mac("HmacSHA256", key.reveal());
    }

    /** The tag of one message under one key. */
    public static byte[] sha256(SecretBytes key, byte[] message) {
        return new Hmac(key).update(message).finish();
    }

    public Hmac update(byte value) {
        mac.update(value);
        return this;
    }

    public Hmac update(byte[] part) {
        mac.update(part);
        return this;
    }

    /** Borrows the array. */
    public Hmac update(byte[] part, int offset, int length) {
        mac.update(part, offset, length);
        return this;
    }

    /** Borrows the buffer and reads it to its limit. */
    public Hmac update(ByteBuffer part) {
        mac.update(part);
        return this;
    }

    /** Ends the message and begins the next one under the same key. */
    public byte[] finish() {
        return mac.doFinal();
    }

    /** Ends the message, writes its 32 bytes into the target, and begins the next one under the same key. */
    public void finish(byte[] target, int offset) {
        try {
            mac.doFinal(target, offset);
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("no room for the tag at " + offset + " of " + target.length, e);
        }
    }
}
