package sago.sender.index;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import sago.common.id.PackId;
import sago.common.limits.Limits;
import sago.sender.pack.ChunkId;
import sago.sender.pack.ChunkRef;

/**
 * A row of the index, big-endian. The key is the first 16 bytes of the chunk id: two chunks of one key would be a collision of half a
 * keyed hash.
 *
 * <pre>
 *  0 16  key
 * 16 16  pack
 * 32  4  offset of the record
 * 36  4  stored length
 * 40  4  raw length
 * 44  4  CRC32C of bytes 0 to 43
 * </pre>
 *
 * A row stands for itself wherever it lies: with a right checksum it is true, so damage around it costs rows and never makes a wrong one.
 */
final class IndexRow {
    static final int BYTES = 48;
    static final int KEY_BYTES = 16;
    private static final int PACK = 16;
    private static final int OFFSET = 32;
    private static final int STORED = 36;
    private static final int RAW = 40;
    private static final int CRC = 44;

    private IndexRow() {}

    /** Writes a row at the buffer's position and advances it. */
    static void write(ByteBuffer to, ChunkId id, ChunkRef ref) {
        int at = to.position();
        to.putLong(id.a()).putLong(id.b());
        ref.pack().write(to);
        to.putInt(ref.offset()).putInt(ref.stored()).putInt(ref.raw());
        to.putInt(crc(to, at));
    }

    /** Whether the row at this place is as it was written. */
    static boolean isSound(ByteBuffer rows, int at) {
        return rows.getInt(at + CRC) == crc(rows, at);
    }

    static boolean hasKey(ByteBuffer rows, int at, ChunkId id) {
        return rows.getLong(at) == id.a() && rows.getLong(at + Long.BYTES) == id.b();
    }

    /** The order of rows: by key, as bytes. */
    static int compareKeys(ByteBuffer left, int leftAt, ByteBuffer right, int rightAt) {
        int byHigh = Long.compareUnsigned(left.getLong(leftAt), right.getLong(rightAt));
        return byHigh != 0
                ? byHigh
                : Long.compareUnsigned(left.getLong(leftAt + Long.BYTES), right.getLong(rightAt + Long.BYTES));
    }

    /** The reference in the row at this place, which has the key of this chunk; null where the row is damaged. */
    static @Nullable ChunkRef read(ByteBuffer rows, int at, ChunkId id) {
        if (!isSound(rows, at)) {
            return null;
        }
        int offset = rows.getInt(at + OFFSET);
        int stored = rows.getInt(at + STORED);
        int raw = rows.getInt(at + RAW);
        if (offset < 0 || stored < 0 || stored > raw || raw > Limits.CHUNK_BYTES_MAX) {
            return null;
        }
        PackId pack = new PackId(rows.getLong(at + PACK), rows.getLong(at + PACK + Long.BYTES));
        return new ChunkRef(pack, offset, stored, raw, id.check());
    }

    private static int crc(ByteBuffer rows, int at) {
        CRC32C crc = new CRC32C();
        crc.update(rows.duplicate().limit(at + CRC).position(at));
        return (int) crc.getValue();
    }
}
