package sago.common.secret;

import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;

/**
 * Key material. It never shows itself in a string, and {@link #close} overwrites it; the collector may have copied it before, so this
 * shortens the life of a secret rather than ends it for certain. Any thread may read; one owner closes.
 */
public final class SecretBytes implements AutoCloseable {
    private final byte[] bytes;
    private volatile boolean closed;

    private SecretBytes(byte[] bytes) {
        this.bytes = bytes;
    }

    /** Takes ownership of the array: the caller must neither keep nor change it. */
    public static SecretBytes of(byte[] owned) {
        return new SecretBytes(owned);
    }

    /** Fresh random bytes. */
    public static SecretBytes random(int length, SecureRandom random) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return new SecretBytes(bytes);
    }

    /** The bytes themselves, lent until the owner closes: do not keep, change or copy without need. */
    public byte[] reveal() {
        if (closed) {
            throw new IllegalStateException("secret was already closed");
        }
        return bytes;
    }

    /** A secret of its own with the same bytes, which its new owner closes. */
    public SecretBytes copy() {
        return new SecretBytes(reveal().clone());
    }

    public int length() {
        return bytes.length;
    }

    /** Overwrites the bytes with zeros. Closing again does nothing. */
    @Override
    public void close() {
        closed = true;
        Arrays.fill(bytes, (byte) 0);
    }

    /** Whether both hold the same bytes, in a time that does not depend on where they differ. */
    @Override
    public boolean equals(Object other) {
        return other instanceof SecretBytes secret && MessageDigest.isEqual(reveal(), secret.reveal());
    }

    /** The length only: a hash of the bytes would tell something about them. */
    @Override
    public int hashCode() {
        return bytes.length;
    }

    @Override
    public String toString() {
        return "SecretBytes[" + bytes.length + " bytes, hidden]";
    }
}
