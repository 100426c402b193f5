package sago.sender.pack;

import java.nio.ByteBuffer;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.id.PackId;
import sago.common.id.SessionId;
import sago.common.limits.Limits;
import sago.common.pack.PackGeometry;
import sago.common.pack.PackHeader;
import sago.sender.seal.Aead;
import sago.sender.seal.FloeOpener;

/** A pack whose header was found to be the one that its session's key made. Thread-safe. */
final class OpenedPack implements AutoCloseable {
    private final PackId id;
    private final SessionId session;
    private final int length;
    private final PackGeometry geometry;
    private final FloeOpener opener;

    private final ReadPattern pattern = new ReadPattern();

    private OpenedPack(PackId id, SessionId session, int length, PackGeometry geometry, FloeOpener opener) {
        this.id = id;
        this.session = session;
        this.length = length;
        this.geometry = geometry;
        this.opener = opener;
    }

    /**
     * Checks a header against what is expected of the pack.
     *
     * @param fileHeader the first 4096 bytes of the file, borrowed
     */
    static OpenedPack open(PackId id, ByteBuffer fileHeader, DatasetPacks packs)
            throws FaultException, InterruptedException {
        int length = packs.length(id);
        PackHeader header = PackHeader.read(fileHeader.duplicate());
        if (!header.pack().equals(id)
                || !header.vault().equals(packs.vault())
                || !header.dataset().equals(packs.dataset())) {
            throw refuse(id, "its header names another pack, dataset or vault");
        }
        int segmentBytes = header.segmentBytes();
        if (Integer.bitCount(segmentBytes) != 1
                || segmentBytes < Limits.SEGMENT_BYTES_MIN
                || segmentBytes > Limits.SEGMENT_BYTES_MAX) {
            throw refuse(id, "segments of " + segmentBytes + " bytes");
        }
        PackGeometry geometry = new PackGeometry(segmentBytes, Math.max(segmentBytes, length));
        byte[] aad = new byte[PackHeader.AAD_BYTES];
        byte[] floeHeader = new byte[PackHeader.FLOE_HEADER_BYTES];
        ByteBuffer rest = fileHeader.duplicate();
        rest.get(aad).get(floeHeader);
        while (rest.hasRemaining()) {
            if (rest.get() != 0) {
                throw refuse(id, "its header is not zero where it must be");
            }
        }
        try {
            FloeOpener opener = new FloeOpener(packs.sessionKey(header.session()), aad, segmentBytes, floeHeader);
            return new OpenedPack(id, header.session(), length, geometry, opener);
        } catch (FaultException e) {
            throw named(id, "header", e);
        }
    }

    PackId id() {
        return id;
    }

    /** The session whose key its header was made with. */
    SessionId session() {
        return session;
    }

    int segments() {
        return geometry.segments(length);
    }

    int segmentOffset(int segment) {
        return geometry.segmentOffset(segment);
    }

    int segmentLength(int segment) {
        return geometry.segmentLength(segment, length);
    }

    /** Plaintext bytes of a full segment: what divides the opened bytes. */
    int segmentPlainBytes() {
        return geometry.segmentPlainBytes();
    }

    /** Length of the opened bytes. */
    int plainBytes() {
        return geometry.plainBytes(length);
    }

    /** How this pack is read. */
    ReadPattern pattern() {
        return pattern;
    }

    /**
     * Opens a segment; borrows the ciphertext and advances it.
     *
     * @param plain room for a full segment
     * @return length of the plaintext
     */
    int openSegment(Aead aead, int segment, ByteBuffer sealed, byte[] plain) throws FaultException {
        int length = sealed.remaining() - PackGeometry.SEGMENT_OVERHEAD_BYTES;
        try {
            opener.open(aead, segment, segment == segments() - 1, sealed, ByteBuffer.wrap(plain, 0, length));
        } catch (FaultException e) {
            throw named(id, "segment " + segment, e);
        }
        return length;
    }

    static FaultException refuse(PackId id, String what) {
        return new FaultException(Fault.INTEGRITY, "pack " + id + " is damaged or foreign: " + what);
    }

    private static FaultException named(PackId id, String where, FaultException cause) {
        return new FaultException(cause.fault(), "pack " + id + ", " + where + ": " + cause.getMessage(), cause);
    }

    @Override
    public void close() {
        opener.close();
    }
}
