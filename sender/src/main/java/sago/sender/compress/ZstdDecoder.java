package sago.sender.compress;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import java.util.concurrent.ConcurrentLinkedDeque;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;

/**
 * Expands chunks that are one zstd frame each (RFC 8878). What the frame says of its own length is not believed: it can fill no more than
 * the given range, and no window is allocated, because the range is one. Contexts are native memory and used again, one per thread that
 * expands at the same time. Thread-safe.
 */
final class ZstdDecoder implements AutoCloseable {
    /** Magic number 4, frame header descriptor 1: the least that a frame has in front. */
    private static final int HEADER_BYTES_MIN = 5;

    private static final byte[] MAGIC = {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd};
    private static final int DICTIONARY_ID_FLAG = 0x03;

    private final ConcurrentLinkedDeque<ZstdDecompressCtx> idle = new ConcurrentLinkedDeque<>();

    /** Bytes given, at most {@code rawLength}. */
    int expand(byte[] stored, int offset, int length, byte[] target, int targetOffset, int rawLength)
            throws FaultException {
        ZstdLibrary.require("a chunk is stored with zstd");
        checkHeader(stored, offset, length);
        ZstdDecompressCtx taken = idle.poll();
        ZstdDecompressCtx context = taken == null ? new ZstdDecompressCtx() : taken;
        try {
            if (Zstd.findFrameCompressedSize(stored, offset, length) != length) {
                throw new FaultException(Fault.INTEGRITY, "bytes stand behind the zstd frame of a chunk");
            }
            return context.decompressByteArray(target, targetOffset, rawLength, stored, offset, length);
        } catch (ZstdException e) {
            throw new FaultException(
                    Fault.INTEGRITY, "a chunk of " + rawLength + " bytes is not its zstd frame: " + e.getMessage(), e);
        } finally {
            idle.push(context);
        }
    }

    /** Frees the contexts. Nobody may be expanding. */
    @Override
    public void close() {
        for (ZstdDecompressCtx context = idle.poll(); context != null; context = idle.poll()) {
            context.close();
        }
    }

    /** The library would also take several frames, frames to skip and those of its first versions. */
    private static void checkHeader(byte[] stored, int offset, int length) throws FaultException {
        if (length < HEADER_BYTES_MIN) {
            throw new FaultException(Fault.INTEGRITY, "a zstd frame has more than " + length + " bytes");
        }
        for (int i = 0; i < MAGIC.length; i++) {
            if (stored[offset + i] != MAGIC[i]) {
                throw new FaultException(Fault.INTEGRITY, "a chunk does not begin as a zstd frame does");
            }
        }
        if ((stored[offset + MAGIC.length] & DICTIONARY_ID_FLAG) != 0) {
            throw new FaultException(
                    Fault.VERSION, "a chunk is stored with zstd and a dictionary: read it with a newer version");
        }
    }
}
