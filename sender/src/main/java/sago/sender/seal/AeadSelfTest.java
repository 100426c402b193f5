package sago.sender.seal;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.function.IntFunction;
import sago.common.fault.FaultException;
import sago.common.secret.SecretBytes;

/**
 * The known-answer test of a provider, run before the first byte is sealed: one message of odd length, long enough that the vector code and
 * its tail both run, over heap and direct buffers; then a flipped bit, which must be refused. Sealing it a few thousand times has the
 * JDK compile SunJCE, which otherwise spends its first seconds at a hundredth of its speed.
 */
final class AeadSelfTest {
    private static final int PLAIN_BYTES = 8192 + 13;

    /** 24 MiB in all: a few milliseconds for Conscrypt, half a second for SunJCE, which then runs at its full speed. */
    private static final int WARM_ROUNDS = 3000;

    /** SHA-256 of the sealed message, as OpenSSL gives it. */
    private static final String ANSWER = "b6d0cfa5fdcff7494be94fd80631ef68b39adbbaf09bc3fae955b19c4166f862";

    private final Aead aead;
    private final IntFunction<ByteBuffer> buffers;

    private AeadSelfTest(Aead aead, IntFunction<ByteBuffer> buffers) {
        this.aead = aead;
        this.buffers = buffers;
    }

    /** @throws IllegalStateException if the provider gives a wrong answer or none */
    static void run(AeadProvider provider) {
        try (SecretBytes key = SecretBytes.of(counting(Aead.KEY_BYTES, 1))) {
            new AeadSelfTest(provider.aead(), ByteBuffer::allocate).check(key);
            AeadSelfTest direct = new AeadSelfTest(provider.aead(), ByteBuffer::allocateDirect);
            direct.check(key);
            direct.warm();
        }
    }

    private void check(SecretBytes key) {
        ByteBuffer plain = filled(counting(PLAIN_BYTES, 7));
        ByteBuffer sealed = buffers.apply(PLAIN_BYTES + Aead.TAG_BYTES);
        ByteBuffer opened = buffers.apply(PLAIN_BYTES);
        byte[] iv = counting(Aead.IV_BYTES, 101);
        byte[] aad = counting(9, 201);
        aead.key(key);
        aead.seal(iv, aad, plain.duplicate(), sealed);
        sealed.flip();
        require(ANSWER.equals(sha256(sealed.duplicate())), "it sealed to something else");
        try {
            aead.open(iv, aad, sealed.duplicate(), opened);
        } catch (FaultException e) {
            throw new IllegalStateException("it does not open what it sealed", e);
        }
        require(opened.flip().equals(plain), "it opened to something else");
        int middle = PLAIN_BYTES / 2;
        sealed.put(middle, (byte) (sealed.get(middle) ^ 1));
        require(refuses(iv, aad, sealed), "it opened a forgery");
    }

    private boolean refuses(byte[] iv, byte[] aad, ByteBuffer forged) {
        try {
            aead.open(iv, aad, forged, buffers.apply(PLAIN_BYTES));
            return false;
        } catch (FaultException e) {
            return true;
        }
    }

    private void warm() {
        ByteBuffer plain = filled(counting(PLAIN_BYTES, 7));
        ByteBuffer sealed = buffers.apply(PLAIN_BYTES + Aead.TAG_BYTES);
        ByteBuffer iv = ByteBuffer.allocate(Aead.IV_BYTES);
        for (int round = 0; round < WARM_ROUNDS; round++) {
            aead.seal(iv.putInt(0, round).array(), iv.array(), plain.duplicate(), sealed.clear());
        }
    }

    private ByteBuffer filled(byte[] bytes) {
        return buffers.apply(bytes.length).put(bytes).flip();
    }

    private static byte[] counting(int length, int from) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (from + i);
        }
        return bytes;
    }

    private static String sha256(ByteBuffer bytes) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(bytes);
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java runtime lacks SHA-256", e);
        }
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalStateException("known-answer test failed: " + otherwise);
        }
    }
}
