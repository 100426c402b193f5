package sago.sender.index;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import sago.common.id.PackId;
import sago.sender.pack.ChunkId;
import sago.sender.pack.ChunkRef;

/**
 * A row of the index, big-endian. The key is the first 16 bytes of the chunk id: two chunks of one key would be a collision of half a
 * keyed hash. The value:
 *
 * <pre>
 *  0 16  pack
 * 16  4  offset of the record
 * 20  4  stored length
 * 24  4  raw length
 * 28  4  CRC32C of key and bytes 0 to 27
 * </pre>
 */
final class IndexRow {
    static final int KEY_BYTES = 16;
    static final int VALUE_BYTES = 32;
    private static final int CHECKED_BYTES = VALUE_BYTES - Integer.BYTES;

    private IndexRow() {}

    static byte[] key(ChunkId id) {
        return ByteBuffer.allocate(KEY_BYTES).putLong(id.a()).putLong(id.b()).array();
    }

    /** An id that has this key: enough for the filter. */
    static ChunkId idOf(byte[] key) {
        ByteBuffer buffer = ByteBuffer.wrap(key);
        return new ChunkId(buffer.getLong(), buffer.getLong(), 0, 0);
    }

    static byte[] value(byte[] key, ChunkRef ref) {
        ByteBuffer value = ByteBuffer.allocate(VALUE_BYTES);
        ref.pack().write(value);
        value.putInt(ref.offset()).putInt(ref.stored()).putInt(ref.raw());
        return value.putInt(crc(key, value.array())).array();
    }

    /** The reference; null where the row is damaged. */
    static @Nullable ChunkRef read(ChunkId id, byte[] key, byte[] value) {
        if (value.length != VALUE_BYTES) {
            return null;
        }
        ByteBuffer buffer = ByteBuffer.wrap(value);
        if (buffer.getInt(CHECKED_BYTES) != crc(key, value)) {
            return null;
        }
        PackId pack = PackId.read(buffer);
        return new ChunkRef(pack, buffer.getInt(), buffer.getInt(), buffer.getInt(), id.check());
    }

    private static int crc(byte[] key, byte[] value) {
        CRC32C crc = new CRC32C();
        crc.update(key);
        crc.update(value, 0, CHECKED_BYTES);
        return (int) crc.getValue();
    }
}
