package sago.sender.pack;

import com.google.protobuf.InvalidProtocolBufferException;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.limits.Limits;
import sago.common.pack.PackHeader;
import sago.common.sign.UnknownFields;
import sago.sender.proto.SnapshotBody;
import sago.sender.seal.Aead;
import sago.sender.seal.FloeMessages;
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

    /** Format of the SnapshotBody message. */
    public static final int FORMAT = 1;

    private SnapshotBodies() {}

    /** Seals a body. */
    public static byte[] seal(PackSession session, long sequence, SnapshotBody body, SecureRandom random, Aead aead) {
        byte[] message = body.toByteArray();
        int plainBytes = (Integer.BYTES + message.length + PADDED_TO - 1) / PADDED_TO * PADDED_TO;
        byte[] plain = ByteBuffer.allocate(plainBytes)
                .putInt(message.length)
                .put(message)
                .array();
        try (FloeSealer sealer = new FloeSealer(session.key(), aad(session, sequence), SEGMENT_BYTES, random, aead)) {
            return FloeMessages.seal(sealer, plain);
        }
    }

    /**
     * Opens a sealed body, whose hash the caller has compared with the signed stub.
     *
     * @param session vault, dataset and session that the stub names, and that session's key
     * @throws FaultException INTEGRITY if it is not what was sealed for that sequence
     */
    public static SnapshotBody open(PackSession session, long sequence, byte[] sealed, Aead aead)
            throws FaultException {
        if (sealed.length > Limits.MANIFEST_BODY_BYTES_MAX) {
            throw new FaultException(Fault.LIMIT, "manifest body of " + sealed.length + " bytes");
        }
        byte[] plain = FloeMessages.open(session.key(), aad(session, sequence), SEGMENT_BYTES, sealed, aead);
        return parse(ByteBuffer.wrap(plain));
    }

    private static SnapshotBody parse(ByteBuffer plain) throws FaultException {
        int length = plain.remaining() < Integer.BYTES ? -1 : plain.getInt();
        if (length < 0 || length > plain.remaining()) {
            throw new FaultException(Fault.INTEGRITY, "manifest body names a length of " + length);
        }
        try {
            SnapshotBody body = SnapshotBody.parseFrom(plain.limit(plain.position() + length));
            UnknownFields.refuse(body);
            if (body.getFormat() != FORMAT) {
                throw new FaultException(
                        Fault.VERSION, "manifest body has format " + body.getFormat() + "; this version reads 1");
            }
            return body;
        } catch (InvalidProtocolBufferException e) {
            throw new FaultException(Fault.INTEGRITY, "manifest body cannot be parsed", e);
        }
    }

    private static byte[] aad(PackSession session, long sequence) {
        ByteBuffer aad = ByteBuffer.allocate(AAD_BYTES);
        aad.putLong(MAGIC)
                .putShort((short) PackHeader.FORMAT)
                .put((byte) PackHeader.SUITE)
                .put((byte) 0);
        session.vault().write(aad);
        session.dataset().write(aad);
        session.session().write(aad);
        return aad.putLong(sequence).array();
    }
}
