package sago.sender.tree;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import sago.common.id.Hash;

/**
 * The local file with the entries of the last committed snapshot:
 *
 * <pre>
 *   0   8  magic "SAGOTREE"
 *   8   2  version, 2: 1 had neither extended attributes nor holes, and would pass their absence on
 *  10   6  zeros
 *  16      blocks: length 4, CRC32C of the payload 4, payload: a tree leaf
 *  end-64  footer: manifest hash 32, scan start (ms) 8, entries 8, bytes of all blocks 8, zeros 4, CRC32C of these 60 bytes 4
 * </pre>
 */
final class TreeCacheLayout {
    static final long MAGIC = 0x5341474F54524545L;
    static final int VERSION = 2;
    static final int HEADER_BYTES = 16;
    static final int BLOCK_HEADER_BYTES = 8;
    static final int FOOTER_CHECKED_BYTES = 32 + 8 + 8 + 8 + 4;
    static final int FOOTER_BYTES = FOOTER_CHECKED_BYTES + 4;

    private TreeCacheLayout() {}

    /** What stands at the end of a complete file. */
    record Footer(Hash manifest, long scanStartMs, long entries, long blockBytes) {
        void write(ByteBuffer to) {
            int start = to.position();
            manifest.write(to);
            to.putLong(scanStartMs).putLong(entries).putLong(blockBytes).putInt(0);
            to.putInt(crc(to.slice(start, FOOTER_CHECKED_BYTES)));
        }

        static Footer read(ByteBuffer from) {
            return new Footer(Hash.read(from), from.getLong(), from.getLong(), from.getLong());
        }
    }

    static ByteBuffer header() {
        return ByteBuffer.allocate(HEADER_BYTES)
                .putLong(MAGIC)
                .putShort((short) VERSION)
                .clear();
    }

    static int crc(ByteBuffer bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return (int) crc.getValue();
    }
}
