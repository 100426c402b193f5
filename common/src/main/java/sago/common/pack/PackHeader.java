package sago.common.pack;

import java.nio.ByteBuffer;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.id.DatasetId;
import sago.common.id.PackId;
import sago.common.id.SessionId;
import sago.common.id.VaultId;

/**
 * Public header of a pack, big-endian, 4096 bytes:
 *
 * <pre>
 *   0  8  magic "SAGOPACK"
 *   8  2  format version, 1
 *  10  1  suite, 1: FLOE-GCM256 with HKDF-Expand-SHA-384
 *  11  1  zero
 *  12  4  encrypted segment length
 *  16 16  vault id
 *  32 16  dataset id
 *  48 16  session id
 *  64 16  pack id
 *  80 74  FLOE header: parameters 10, IV 32, header tag 32
 * 154     zeros
 * </pre>
 *
 * Bytes 0 to 79 are the associated data of FLOE. There is no site id (ciphertext moves between sites verbatim), no pack
 * length and no epoch in it.
 */
public record PackHeader(int segmentBytes, VaultId vault, DatasetId dataset, SessionId session, PackId pack) {
    public static final long MAGIC = 0x5341474F5041434BL;
    public static final int FORMAT = 1;
    public static final int SUITE = 1;
    public static final int AAD_BYTES = 80;
    public static final int FLOE_HEADER_OFFSET = AAD_BYTES;
    public static final int FLOE_HEADER_BYTES = 74;

    /** Writes the first 80 bytes, which are the associated data, and advances the buffer. */
    public void write(ByteBuffer to) {
        to.putLong(MAGIC)
                .putShort((short) FORMAT)
                .put((byte) SUITE)
                .put((byte) 0)
                .putInt(segmentBytes);
        vault.write(to);
        dataset.write(to);
        session.write(to);
        pack.write(to);
    }

    /** The associated data. */
    public byte[] aad() {
        ByteBuffer buffer = ByteBuffer.allocate(AAD_BYTES);
        write(buffer);
        return buffer.array();
    }

    /** Reads the first 80 bytes and advances the buffer. Borrows the buffer. */
    public static PackHeader read(ByteBuffer from) throws FaultException {
        if (from.remaining() < AAD_BYTES) {
            throw new FaultException(Fault.INTEGRITY, "pack header is cut short: " + from.remaining() + " bytes");
        }
        if (from.getLong() != MAGIC) {
            throw new FaultException(Fault.INTEGRITY, "not a pack: wrong magic");
        }
        int format = from.getShort() & 0xffff;
        int suite = from.get() & 0xff;
        int zero = from.get();
        if (format != FORMAT || suite != SUITE || zero != 0) {
            throw new FaultException(
                    Fault.VERSION, "pack has format " + format + ", suite " + suite + "; this version reads 1, 1");
        }
        return new PackHeader(
                from.getInt(), VaultId.read(from), DatasetId.read(from), SessionId.read(from), PackId.read(from));
    }
}
