package sago.common.secret;

import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * HKDF of RFC 5869 on the JDK's {@code Mac}. Each call has its own instance: some libraries share state between calls and return
 * wrong keys under concurrency. Any thread.
 */
public final class Hkdf {
    private static final String HMAC_SHA256 = "HmacSHA256";
    private static final String HMAC_SHA384 = "HmacSHA384";

    /** RFC 5869 counts the blocks of an expansion in one byte. */
    private static final int BLOCKS_MAX = 255;

    private Hkdf() {}

    /** Extract and expand with SHA-256. An empty salt stands for 32 zeros. Borrows its arguments. */
    public static byte[] sha256(byte[] salt, byte[] ikm, byte[] info, int length) {
        byte[] prk = extractSha256(salt, ikm);
        try {
            return expandSha256(prk, info, length);
        } finally {
            Arrays.fill(prk, (byte) 0);
        }
    }

    /** HKDF-Extract with SHA-256: 32 bytes. */
    public static byte[] extractSha256(byte[] salt, byte[] ikm) {
        return mac(HMAC_SHA256, salt).doFinal(ikm);
    }

    /** HKDF-Expand with SHA-256. */
    public static byte[] expandSha256(byte[] prk, byte[] info, int length) {
        return expand(mac(HMAC_SHA256, prk), info, length);
    }

    /** HKDF-Expand with SHA-384: the KDF of FLOE-GCM256. */
    public static byte[] expandSha384(byte[] prk, byte[] info, int length) {
        return expand(mac(HMAC_SHA384, prk), info, length);
    }

    private static byte[] expand(Mac mac, byte[] info, int length) {
        int blockBytes = mac.getMacLength();
        if (length < 0 || length > BLOCKS_MAX * blockBytes) {
            throw new IllegalArgumentException("HKDF cannot give " + length + " bytes");
        }
        byte[] output = new byte[length];
        byte[] block = {};
        int done = 0;
        for (int counter = 1; done < length; counter++) {
            mac.update(block);
            mac.update(info);
            mac.update((byte) counter);
            Arrays.fill(block, (byte) 0);
            block = mac.doFinal();
            int part = Math.min(blockBytes, length - done);
            System.arraycopy(block, 0, output, done, part);
            done += part;
        }
        Arrays.fill(block, (byte) 0);
        return output;
    }

    static Mac mac(String algorithm, byte[] key) {
        try {
            Mac mac = Mac.getInstance(algorithm);
            // The JDK refuses an empty key; HMAC pads a key with zeros, so one zero byte is the same key.
            mac.init(new SecretKeySpec(key.length == 0 ? new byte[1] : key, algorithm));
            return mac;
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException("this Java runtime lacks " + algorithm, e);
        }
    }
}
