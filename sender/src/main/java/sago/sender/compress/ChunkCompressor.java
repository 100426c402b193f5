package sago.sender.compress;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import net.jpountz.lz4.LZ4Compressor;
import net.jpountz.lz4.LZ4Factory;
import org.jspecify.annotations.Nullable;

/**
 * Compresses chunks with the codec of the moment, and stores raw what does not pay. Compressing in vain costs little because of two habits:
 *
 * <ul>
 *   <li>probe: of a chunk of 64 KiB or more, 8 KiB from its middle are compressed first;
 *   <li>bypass: after {@value #VAIN_CHUNKS} chunks in a row that did not pay, the following ones are not even probed: at
 *       first one, then twice as many each time, up to {@value #BYPASS_CHUNKS_MAX}; one that pays ends it. It lasts for a
 *       stream (a file, or a region of one) and a codec.
 * </ul>
 *
 * The result of {@link #compress} stays readable until the next call. Confined to one thread; zstd's native memory, about a
 * megabyte from its first use on, is held until it is closed.
 */
public final class ChunkCompressor implements AutoCloseable {
    static final int PROBE_FROM_BYTES = 64 << 10;
    static final int PROBE_BYTES = 8 << 10;
    static final int VAIN_CHUNKS = 2;
    static final int BYPASS_CHUNKS_MAX = 64;

    /** Higher ones cost twice the time and more for less than a tenth: ADR 0012. */
    static final int ZSTD_LEVEL = 1;

    /** What is stored raw saves less than one part in this many. */
    private static final int SAVING_PART = 16;

    private final CodecChoice choice;
    private final LZ4Compressor lz4;
    private @Nullable ZstdCompressCtx zstd;
    private byte[] output;
    private byte[] stored = new byte[0];
    private int storedOffset;
    private int storedLength;

    private Codec codec = Codec.LZ4;
    private int vain;
    private int bypassLength = 1;
    private int bypassLeft;
    private long tried;

    /** LZ4 alone. */
    public ChunkCompressor() {
        this(() -> Codec.LZ4);
    }

    /** @param choice gives ZSTD only where {@link ZstdLibrary} has no trouble */
    public ChunkCompressor(CodecChoice choice) {
        this.choice = choice;
        lz4 = LZ4Factory.nativeInstance().fastCompressor();
        output = new byte[lz4.maxCompressedLength(PROBE_FROM_BYTES)];
    }

    /** Another file begins: what did not pay before may pay now. */
    public void beginStream() {
        vain = 0;
        bypassLength = 1;
        bypassLeft = 0;
    }

    /** Borrows the bytes until the next call. The result is in {@link #stored}. */
    public Codec compress(byte[] bytes, int offset, int length) {
        Codec wanted = choice.now();
        if (wanted != codec) {
            codec = wanted;
            beginStream();
        }
        if (codec == Codec.RAW) {
            return raw(bytes, offset, length);
        }
        if (bypassLeft > 0) {
            bypassLeft--;
            return raw(bytes, offset, length);
        }
        if (length >= PROBE_FROM_BYTES && !pays(bytes, offset + (length - PROBE_BYTES) / 2, PROBE_BYTES)) {
            inVain();
            return raw(bytes, offset, length);
        }
        if (!pays(bytes, offset, length)) {
            inVain();
            return raw(bytes, offset, length);
        }
        beginStream();
        stored = output;
        storedOffset = 0;
        return codec;
    }

    /** The array that holds the result: at {@link #storedOffset}, {@link #storedLength} bytes. */
    public byte[] stored() {
        return stored;
    }

    public int storedOffset() {
        return storedOffset;
    }

    public int storedLength() {
        return storedLength;
    }

    @Override
    public void close() {
        ZstdCompressCtx held = zstd;
        zstd = null;
        if (held != null) {
            held.close();
        }
    }

    /** How often a codec ran: what tests of probe and bypass count. */
    long tried() {
        return tried;
    }

    private boolean pays(byte[] bytes, int offset, int length) {
        tried++;
        storedLength = switch (codec) {
            case LZ4 -> {
                int bound = lz4.maxCompressedLength(length);
                yield lz4.compress(bytes, offset, length, room(bound), 0, bound);
            }
            case ZSTD -> {
                int bound = Math.toIntExact(Zstd.compressBound(length));
                yield zstd().compressByteArray(room(bound), 0, bound, bytes, offset, length);
            }
            case RAW -> throw new IllegalStateException("nothing compresses");
        };
        return storedLength <= length - Math.max(1, length / SAVING_PART);
    }

    private byte[] room(int bound) {
        if (output.length < bound) {
            output = new byte[bound];
        }
        return output;
    }

    private ZstdCompressCtx zstd() {
        ZstdCompressCtx held = zstd;
        if (held == null) {
            held = new ZstdCompressCtx()
                    .setLevel(ZSTD_LEVEL)
                    .setContentSize(true)
                    .setChecksum(false)
                    .setDictID(false);
            zstd = held;
        }
        return held;
    }

    private void inVain() {
        if (++vain >= VAIN_CHUNKS) {
            bypassLeft = bypassLength;
            bypassLength = Math.min(bypassLength * 2, BYPASS_CHUNKS_MAX);
        }
    }

    private Codec raw(byte[] bytes, int offset, int length) {
        stored = bytes;
        storedOffset = offset;
        storedLength = length;
        return Codec.RAW;
    }
}
