package sago.sender.seal;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.secret.SecretBytes;

/**
 * Opens segments of one FLOE message, in any order. It exists only once the header's tag was verified: that tag commits to the key, which
 * GCM alone does not.
 *
 * <p>Which position is asked for, and which segment is the last, the caller must know from what was signed (the length of the pack),
 * never from who delivered the bytes.
 *
 * <p>Any number of threads may open at once, each with its own {@link Aead}; one owner closes.
 */
public final class FloeOpener implements AutoCloseable {
    private final FloeParameters parameters;
    private final FloeKeys keys;
    private @Nullable SecretBytes segmentKey;
    private long segmentKeyBlock;

    /**
     * @param key 32 bytes, borrowed for this call
     * @param aad associated data as it was sealed; copied
     * @param segmentBytes encrypted length of every segment but the last, which the header must name too
     * @param header 74 bytes, borrowed
     * @throws FaultException INTEGRITY if the header is not one that this key made for this associated data
     */
    public FloeOpener(SecretBytes key, byte[] aad, int segmentBytes, byte[] header) throws FaultException {
        this(key, aad, FloeParameters.of(segmentBytes), header);
    }

    FloeOpener(SecretBytes key, byte[] aad, FloeParameters parameters, byte[] header) throws FaultException {
        if (header.length != FloeParameters.HEADER_BYTES) {
            throw refuse("FLOE header has " + header.length + " bytes, not " + FloeParameters.HEADER_BYTES);
        }
        if (!Arrays.equals(header, 0, FloeParameters.BYTES, parameters.encode(), 0, FloeParameters.BYTES)) {
            throw refuse("FLOE header names other parameters than a segment length of " + parameters.segmentBytes());
        }
        int ivEnd = FloeParameters.BYTES + FloeParameters.IV_BYTES;
        byte[] iv = Arrays.copyOfRange(header, FloeParameters.BYTES, ivEnd);
        byte[] tag = Arrays.copyOfRange(header, ivEnd, header.length);
        this.parameters = parameters;
        this.keys = new FloeKeys(key, parameters, iv, aad.clone());
        if (!MessageDigest.isEqual(tag, keys.headerTag())) {
            keys.close();
            throw refuse("FLOE header does not belong to this key and associated data");
        }
    }

    /**
     * Opens the rest of {@code segment} and writes its plaintext at the position of {@code plain}. Borrows all; both buffers advance. Nothing
     * of a segment that is refused becomes visible in {@code plain}. Fastest if both are direct and do not touch.
     *
     * @param aead a cipher of the calling thread; its key is set again
     * @throws FaultException INTEGRITY if this is not the segment of that position, as last or not, of this message
     */
    public void open(Aead aead, long position, boolean last, ByteBuffer segment, ByteBuffer plain)
            throws FaultException {
        if (position < 0 || position >= FloeParameters.SEGMENTS_MAX) {
            throw new IllegalArgumentException("segment position: " + position);
        }
        int length = segment.remaining();
        boolean lengthFits = last
                ? length >= FloeParameters.SEGMENT_OVERHEAD_BYTES && length <= parameters.segmentBytes()
                : length == parameters.segmentBytes();
        if (!lengthFits) {
            throw refuse("segment " + position + " has " + length + " bytes");
        }
        if (segment.getInt(segment.position()) != (last ? length : FloeParameters.MARKER)) {
            throw refuse("segment " + position + (last ? " is not a last one of its length" : " is not an inner one"));
        }
        byte[] iv = new byte[Aead.IV_BYTES];
        ByteBuffer sealed = segment.duplicate();
        sealed.position(sealed.position() + Integer.BYTES).get(iv);
        setKey(aead, keys.block(position));
        aead.open(iv, FloeKeys.segmentAad(position, last), sealed, plain);
        segment.position(segment.limit());
    }

    /** Derives a key only when another block of segments is asked for than the last time. */
    private synchronized void setKey(Aead aead, long block) {
        SecretBytes key = segmentKey;
        if (key == null || segmentKeyBlock != block) {
            if (key != null) {
                key.close();
            }
            key = keys.segmentKey(block);
            segmentKey = key;
            segmentKeyBlock = block;
        }
        aead.key(key);
    }

    private static FaultException refuse(String what) {
        return new FaultException(Fault.INTEGRITY, what);
    }

    /** Overwrites the derived keys. */
    @Override
    public synchronized void close() {
        keys.close();
        if (segmentKey != null) {
            segmentKey.close();
        }
    }
}
