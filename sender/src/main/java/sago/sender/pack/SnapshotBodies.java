package sago.sender.pack;

import com.google.protobuf.InvalidProtocolBufferException;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Arrays;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.limits.Limits;
import sago.common.pack.PackHeader;
import sago.sender.proto.SnapshotBody;
import sago.sender.seal.Aead;
import sago.sender.seal.FloeOpener;
import sago.sender.seal.FloeSealer;

/**
 * The sealed bodies of manifests: {@code u32 length ‖ SnapshotBody ‖ zeros} up to a multiple of 4096, sealed by FLOE with segments of
 * 65,536 bytes. Sealed: FLOE header 74, then the segments. Associated data:
 *
 * <pre>
 *  0  8  "SAGOMANI"
 *  8  2  format version 1
 * 10  1  suite 1
 * 11  1  zero
 * 12 16  vault
 * 28 16  dataset
 * 44 16  session
 * 60  8  sequence of the manifest
 * </pre>
 *
 * Without state; any thread, with a cipher of its own.
 */
public final class SnapshotBodies {
    static final int SEGMENT_BYTES = 64 << 10;
    static final int PADDED_TO = 4096;
    static final int AAD_BYTES = 8 + 2 + 1 + 1 + 16 + 16 + 16 + 8;
    private static final long MAGIC = 0x5341474F4D414E49L;
    private static final int SEGMENT_PLAIN_BYTES = SEGMENT_BYTES - 32;

    private SnapshotBodies() {}

    /** Seals a body. */
    public static byte[] seal(
            PackSession session, long sequence, SnapshotBody body, SecureRandom random, Aead aead) {
        byte[] message = body.toByteArray();
        int plainBytes = (Integer.BYTES + message.length + PADDED_TO - 1) / PADDED_TO * PADDED_TO;
        ByteBuffer plain = ByteBuffer.allocate(plainBytes);
        plain.putInt(message.length).put(message).rewind();
        int segments = (plainBytes + SEGMENT_PLAIN_BYTES - 1) / SEGMENT_PLAIN_BYTES;
        ByteBuffer sealed = ByteBuffer.allocate(PackHeader.FLOE_HEADER_BYTES + plainBytes + 32 * segments);
        try (FloeSealer sealer = new FloeSealer(session.key(), aad(session, sequence), SEGMENT_BYTES, random, aead)) {
            sealed.put(sealer.header());
            for (int i = 0; i < segments; i++) {
                plain.limit(Math.min(plainBytes, (i + 1) * SEGMENT_PLAIN_BYTES));
                sealer.seal(plain, i == segments - 1, sealed);
            }
        }
        Arrays.fill(plain.array(), (byte) 0);
        return sealed.array();
    }

    /**
     * Opens a sealed body, whose hash the caller has compared with the signed stub.
     *
     * @param session vault, dataset and session that the stub names, and that session's key
     * @throws FaultException INTEGRITY if it is not what was sealed for that sequence
     */
    public static SnapshotBody open(PackSession session, long sequence, byte[] sealed, Aead aead)
            throws FaultException {
        int length = sealed.length - PackHeader.FLOE_HEADER_BYTES;
        if (length <= 0 || sealed.length > Limits.MANIFEST_BODY_BYTES_MAX) {
            throw new FaultException(Fault.INTEGRITY, "manifest body of " + sealed.length + " bytes");
        }
        byte[] header = Arrays.copyOf(sealed, PackHeader.FLOE_HEADER_BYTES);
        ByteBuffer plain = ByteBuffer.allocate(length);
        try (FloeOpener opener = new FloeOpener(session.key(), aad(session, sequence), SEGMENT_BYTES, header)) {
            int segments = (length + SEGMENT_BYTES - 1) / SEGMENT_BYTES;
            for (int i = 0; i < segments; i++) {
                int part = Math.min(SEGMENT_BYTES, length - i * SEGMENT_BYTES);
                ByteBuffer segment = ByteBuffer.wrap(sealed, header.length + i * SEGMENT_BYTES, part);
                opener.open(aead, i, i == segments - 1, segment, plain);
            }
        }
        return parse(plain.flip());
    }

    private static SnapshotBody parse(ByteBuffer plain) throws FaultException {
        int length = plain.remaining() < Integer.BYTES ? -1 : plain.getInt();
        if (length < 0 || length > plain.remaining()) {
            throw new FaultException(Fault.INTEGRITY, "manifest body names a length of " + length);
        }
        try {
            return SnapshotBody.parseFrom(plain.limit(plain.position() + length));
        } catch (InvalidProtocolBufferException e) {
            throw new FaultException(Fault.INTEGRITY, "manifest body cannot be parsed", e);
        }
    }

    private static byte[] aad(PackSession session, long sequence) {
        ByteBuffer aad = ByteBuffer.allocate(AAD_BYTES);
        aad.putLong(MAGIC).putShort((short) PackHeader.FORMAT).put((byte) PackHeader.SUITE).put((byte) 0);
        session.vault().write(aad);
        session.dataset().write(aad);
        session.session().write(aad);
        return aad.putLong(sequence).array();
    }
}
