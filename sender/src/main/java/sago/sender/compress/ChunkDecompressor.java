package sago.sender.compress;

import net.jpountz.lz4.LZ4Exception;
import net.jpountz.lz4.LZ4Factory;
import net.jpountz.lz4.LZ4SafeDecompressor;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.limits.Limits;

/** Gives a chunk back from its stored bytes, exactly. Immutable; any thread. */
public final class ChunkDecompressor {
    private final LZ4SafeDecompressor lz4 = LZ4Factory.nativeInstance().safeDecompressor();

    /**
     * A new array with the chunk. Borrows the stored bytes, which must have been authenticated, and so the raw length.
     *
     * @throws FaultException LIMIT for a raw length above the bound, INTEGRITY for bytes that do not give exactly that length
     */
    public byte[] decompress(Codec codec, byte[] stored, int offset, int length, int rawLength) throws FaultException {
        if (rawLength < 0 || rawLength > Limits.CHUNK_BYTES_MAX) {
            throw new FaultException(Fault.LIMIT, "a chunk claims " + rawLength + " bytes");
        }
        byte[] raw = new byte[rawLength];
        int given = switch (codec) {
            case RAW -> copy(stored, offset, length, raw);
            case LZ4 -> expand(stored, offset, length, raw);
            case ZSTD ->
                throw new FaultException(Fault.VERSION, "a chunk is stored with zstd: read it with a newer version");
        };
        if (given != rawLength) {
            throw new FaultException(Fault.INTEGRITY, "a chunk of " + rawLength + " bytes gives " + given);
        }
        return raw;
    }

    private static int copy(byte[] stored, int offset, int length, byte[] raw) {
        if (length == raw.length) {
            System.arraycopy(stored, offset, raw, 0, length);
        }
        return length;
    }

    private int expand(byte[] stored, int offset, int length, byte[] raw) throws FaultException {
        try {
            return lz4.decompress(stored, offset, length, raw, 0, raw.length);
        } catch (LZ4Exception e) {
            throw new FaultException(Fault.INTEGRITY, "a chunk of " + raw.length + " bytes is not an LZ4 block", e);
        }
    }
}
