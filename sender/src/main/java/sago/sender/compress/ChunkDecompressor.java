package sago.sender.compress;

import java.util.Objects;
import net.jpountz.lz4.LZ4Exception;
import net.jpountz.lz4.LZ4Factory;
import net.jpountz.lz4.LZ4SafeDecompressor;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.limits.Limits;

/** Gives a chunk back from its stored bytes, exactly. Thread-safe; holds a little native memory until it is closed. */
public final class ChunkDecompressor implements AutoCloseable {
    private final LZ4SafeDecompressor lz4 = LZ4Factory.nativeInstance().safeDecompressor();
    private final ZstdDecoder zstd = new ZstdDecoder();

    /**
     * A new array with the chunk. Borrows the stored bytes, which must have been authenticated, and so the raw length.
     *
     * @throws FaultException LIMIT for a raw length above the bound, INTEGRITY for bytes that do not give exactly that length
     */
    public byte[] decompress(Codec codec, byte[] stored, int offset, int length, int rawLength) throws FaultException {
        requireWithinBound(rawLength);
        byte[] raw = new byte[rawLength];
        decompress(codec, stored, offset, length, raw, 0, rawLength);
        return raw;
    }

    /**
     * The same into a range of an array that the caller has: nothing outside of it changes; after a fault what is in it means nothing.
     */
    public void decompress(
            Codec codec, byte[] stored, int offset, int length, byte[] target, int targetOffset, int rawLength)
            throws FaultException {
        requireWithinBound(rawLength);
        Objects.checkFromIndexSize(offset, length, stored.length);
        Objects.checkFromIndexSize(targetOffset, rawLength, target.length);
        int given = switch (codec) {
            case RAW -> copy(stored, offset, length, target, targetOffset, rawLength);
            case LZ4 -> expand(stored, offset, length, target, targetOffset, rawLength);
            case ZSTD -> zstd.expand(stored, offset, length, target, targetOffset, rawLength);
        };
        if (given != rawLength) {
            throw new FaultException(Fault.INTEGRITY, "a chunk of " + rawLength + " bytes gives " + given);
        }
    }

    /** Nobody may be decompressing. */
    @Override
    public void close() {
        zstd.close();
    }

    private static void requireWithinBound(int rawLength) throws FaultException {
        if (rawLength < 0 || rawLength > Limits.CHUNK_BYTES_MAX) {
            throw new FaultException(Fault.LIMIT, "a chunk claims " + rawLength + " bytes");
        }
    }

    private static int copy(byte[] stored, int offset, int length, byte[] target, int targetOffset, int rawLength) {
        if (length == rawLength) {
            System.arraycopy(stored, offset, target, targetOffset, length);
        }
        return length;
    }

    private int expand(byte[] stored, int offset, int length, byte[] target, int targetOffset, int rawLength)
            throws FaultException {
        try {
            return lz4.decompress(stored, offset, length, target, targetOffset, rawLength);
        } catch (LZ4Exception e) {
            throw new FaultException(Fault.INTEGRITY, "a chunk of " + rawLength + " bytes is not an LZ4 block", e);
        }
    }
}
