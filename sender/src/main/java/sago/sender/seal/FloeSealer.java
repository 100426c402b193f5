package sago.sender.seal;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;
import sago.common.secret.SecretBytes;

/**
 * Seals one FLOE message front to back: the header is known first, then segment after segment, so that a pack travels before it is
 * complete. It is the only maker of IVs: 32 random bytes for the message, 12 for each segment, taken when they are used and never
 * again; the position counts itself. After the last segment, or after any failure, it seals nothing more.
 *
 * <p>Confined to one thread.
 */
public final class FloeSealer implements AutoCloseable {
    private final FloeParameters parameters;
    private final FloeKeys keys;
    private final byte[] header;
    private final SecureRandom random;
    private final Aead aead;
    private final byte[] segmentIv = new byte[Aead.IV_BYTES];
    private final byte[] segmentAad = new byte[FloeKeys.SEGMENT_AAD_BYTES];
    private @Nullable SecretBytes segmentKey;
    private long position;
    private boolean ended;

    /**
     * @param key 32 bytes, borrowed for this call
     * @param aad associated data, authenticated by the header; copied
     * @param segmentBytes encrypted length of every segment but the last
     * @param random source of IVs; the kernel's outside tests
     * @param aead a cipher of this thread, borrowed until the close; its key is set again for every segment, so several sealers of the thread
     *     may share it
     */
    public FloeSealer(SecretBytes key, byte[] aad, int segmentBytes, SecureRandom random, Aead aead) {
        this(key, aad, FloeParameters.of(segmentBytes), random, aead);
    }

    FloeSealer(SecretBytes key, byte[] aad, FloeParameters parameters, SecureRandom random, Aead aead) {
        byte[] iv = new byte[FloeParameters.IV_BYTES];
        random.nextBytes(iv);
        this.parameters = parameters;
        this.keys = new FloeKeys(key, parameters, iv, aad.clone());
        this.header = ByteBuffer.allocate(FloeParameters.HEADER_BYTES)
                .put(parameters.encode())
                .put(iv)
                .put(keys.headerTag())
                .array();
        this.random = random;
        this.aead = aead;
    }

    /** The 74 bytes that precede the segments. */
    public byte[] header() {
        return header.clone();
    }

    /** Plaintext bytes of every segment but the last. */
    public int segmentPlainBytes() {
        return parameters.plainBytes();
    }

    /**
     * Seals the rest of {@code plain} as the next segment and writes it at the position of {@code target}. Borrows both and advances them.
     * Fastest if both are direct and do not touch.
     *
     * @param last whether the message ends here; every other segment must be full
     */
    public void seal(ByteBuffer plain, boolean last, ByteBuffer target) {
        int plainBytes = plain.remaining();
        if (ended || position == FloeParameters.SEGMENTS_MAX) {
            throw new IllegalStateException("FLOE message has ended");
        }
        if (last ? plainBytes > parameters.plainBytes() : plainBytes != parameters.plainBytes()) {
            throw new IllegalArgumentException(
                    "segment of " + plainBytes + " plaintext bytes; full is " + parameters.plainBytes());
        }
        int segmentBytes = plainBytes + FloeParameters.SEGMENT_OVERHEAD_BYTES;
        if (target.remaining() < segmentBytes) {
            throw new IllegalArgumentException(
                    "target has room for " + target.remaining() + " of " + segmentBytes + " bytes");
        }
        // A segment that fails half-way is never tried again under this position: the message is then abandoned.
        ended = true;
        aead.key(currentKey());
        random.nextBytes(segmentIv);
        target.putInt(last ? segmentBytes : FloeParameters.MARKER).put(segmentIv);
        FloeKeys.segmentAad(position, last, segmentAad);
        aead.seal(segmentIv, segmentAad, plain, target);
        position++;
        ended = last;
    }

    private SecretBytes currentKey() {
        SecretBytes key = segmentKey;
        if (key == null || keys.block(position) == position) {
            if (key != null) {
                key.close();
            }
            key = keys.segmentKey(keys.block(position));
            segmentKey = key;
        }
        return key;
    }

    /** Overwrites the derived keys. */
    @Override
    public void close() {
        ended = true;
        keys.close();
        if (segmentKey != null) {
            segmentKey.close();
        }
    }
}
