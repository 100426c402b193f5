package sago.sender.seal;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import sago.common.secret.Hkdf;
import sago.common.secret.SecretBytes;

/**
 * Keys of one FLOE message. Each is HKDF-Expand-SHA-384(key, parameters ‖ IV ‖ purpose ‖ associated data):
 *
 * <pre>
 *  header tag   32  from the caller's key,  purpose "HEADER_TAG:": commits to key, parameters, IV and associated data
 *  message key  48  from the caller's key,  purpose "MESSAGE_KEY:"
 *  segment key  32  from the message key,   purpose "DEK:" ‖ u64 position, its low bits cleared
 * </pre>
 *
 * Whoever uses it keeps the segment key at hand; a pack never needs a second one. Immutable until closed, any thread.
 */
final class FloeKeys implements AutoCloseable {
    private static final byte[] HEADER_TAG = purpose("HEADER_TAG:");
    private static final byte[] MESSAGE_KEY = purpose("MESSAGE_KEY:");
    private static final byte[] SEGMENT_KEY = purpose("DEK:");
    static final int SEGMENT_AAD_BYTES = Long.BYTES + 1;
    private static final int KEY_BYTES = 32;
    private static final int MESSAGE_KEY_BYTES = 48;

    private final FloeParameters parameters;
    private final byte[] iv;
    private final byte[] aad;
    private final byte[] headerTag;
    private final SecretBytes messageKey;

    /** Borrows the key; takes ownership of IV and associated data. */
    FloeKeys(SecretBytes key, FloeParameters parameters, byte[] iv, byte[] aad) {
        if (key.length() != KEY_BYTES) {
            throw new IllegalArgumentException("FLOE key is not 32 bytes: " + key.length());
        }
        this.parameters = parameters;
        this.iv = iv;
        this.aad = aad;
        this.headerTag = derive(key, HEADER_TAG, FloeParameters.TAG_BYTES);
        this.messageKey = SecretBytes.of(derive(key, MESSAGE_KEY, MESSAGE_KEY_BYTES));
    }

    byte[] headerTag() {
        return headerTag;
    }

    /** First position of the segments that share this one's key. */
    long block(long position) {
        return position & -(1L << parameters.rotationBits());
    }

    /** The key of all segments of a block; the caller closes it. */
    SecretBytes segmentKey(long block) {
        byte[] purpose = ByteBuffer.allocate(SEGMENT_KEY.length + Long.BYTES)
                .put(SEGMENT_KEY)
                .putLong(block)
                .array();
        return SecretBytes.of(derive(messageKey, purpose, Aead.KEY_BYTES));
    }

    /** Associated data of a segment: its position, and whether it is the last. */
    static byte[] segmentAad(long position, boolean last) {
        byte[] aad = new byte[SEGMENT_AAD_BYTES];
        segmentAad(position, last, aad);
        return aad;
    }

    /** The same into an array that is used again. */
    static void segmentAad(long position, boolean last, byte[] aad) {
        for (int i = 0; i < Long.BYTES; i++) {
            aad[i] = (byte) (position >>> ((Long.BYTES - 1 - i) * Byte.SIZE));
        }
        aad[Long.BYTES] = (byte) (last ? 1 : 0);
    }

    private byte[] derive(SecretBytes from, byte[] purpose, int length) {
        byte[] info = ByteBuffer.allocate(FloeParameters.BYTES + iv.length + purpose.length + aad.length)
                .put(parameters.encode())
                .put(iv)
                .put(purpose)
                .put(aad)
                .array();
        return Hkdf.expandSha384(from.reveal(), info, length);
    }

    private static byte[] purpose(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public void close() {
        messageKey.close();
    }
}
