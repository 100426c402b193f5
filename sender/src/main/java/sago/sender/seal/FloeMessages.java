package sago.sender.seal;

import java.nio.ByteBuffer;
import java.util.Arrays;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.secret.SecretBytes;

/**
 * Whole FLOE messages in memory, header first: for what is small, like the body of a manifest. The message's own length says which segment is
 * the last, so whoever stores it must not be able to exchange one message of the same associated data for another. Any thread.
 */
public final class FloeMessages {
    private FloeMessages() {}

    /** Seals everything with a sealer that has sealed nothing yet. Borrows the plaintext. */
    public static byte[] seal(FloeSealer sealer, byte[] plain) {
        int full = sealer.segmentPlainBytes();
        int segments = Math.max(1, (plain.length + full - 1) / full);
        ByteBuffer target = ByteBuffer.allocate(
                FloeParameters.HEADER_BYTES + plain.length + segments * FloeParameters.SEGMENT_OVERHEAD_BYTES);
        target.put(sealer.header());
        for (int i = 0; i < segments; i++) {
            int from = i * full;
            int length = Math.min(full, plain.length - from);
            sealer.seal(ByteBuffer.wrap(plain, from, length), i == segments - 1, target);
        }
        return target.array();
    }

    /**
     * Opens a whole message. Borrows all.
     *
     * @throws FaultException INTEGRITY if it is not what was sealed under this key for this associated data
     */
    public static byte[] open(SecretBytes key, byte[] aad, int segmentBytes, byte[] sealed, Aead aead)
            throws FaultException {
        int body = sealed.length - FloeParameters.HEADER_BYTES;
        int segments = Math.max(1, (body + segmentBytes - 1) / segmentBytes);
        if (body - (segments - 1) * segmentBytes < FloeParameters.SEGMENT_OVERHEAD_BYTES) {
            throw new FaultException(Fault.INTEGRITY, "sealed message is cut short: " + sealed.length + " bytes");
        }
        byte[] header = Arrays.copyOf(sealed, FloeParameters.HEADER_BYTES);
        ByteBuffer plain = ByteBuffer.allocate(body - segments * FloeParameters.SEGMENT_OVERHEAD_BYTES);
        try (FloeOpener opener = new FloeOpener(key, aad, segmentBytes, header)) {
            for (int i = 0; i < segments; i++) {
                int from = i * segmentBytes;
                int length = Math.min(segmentBytes, body - from);
                ByteBuffer segment = ByteBuffer.wrap(sealed, FloeParameters.HEADER_BYTES + from, length);
                opener.open(aead, i, i == segments - 1, segment, plain);
            }
        }
        return plain.array();
    }
}
