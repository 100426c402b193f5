package sago.sender.checkpoint;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import sago.common.limits.Limits;

/**
 * A record as it stands in a message of the queue, big-endian:
 *
 * <pre>
 *   0   1  type
 *   1   1  version, 2
 *   2   2  zeros
 *   4   4  number of the record in its file, from 0
 *   8   4  CRC32C of the 8 bytes before and of the payload
 *  12      payload
 * </pre>
 *
 * The number tells a record that is missing in the middle, which no checksum of single records would.
 */
final class RecordLayout {
    static final int VERSION = 2;
    static final int CRC = 8;
    static final int HEADER_BYTES = 12;

    private RecordLayout() {}

    static byte[] encode(Draft draft, int number) {
        ByteBuffer record = ByteBuffer.allocate(draft.bytes());
        record.put((byte) draft.type().wireId()).put((byte) VERSION).putShort((short) 0);
        record.putInt(number).putInt(0);
        draft.payload().copyTo(record);
        record.putInt(CRC, crc(record.flip()));
        return record.array();
    }

    /** Checksum of a whole record, the place of the checksum left out. */
    static int crc(ByteBuffer record) {
        CRC32C crc = new CRC32C();
        crc.update(record.slice(0, CRC));
        crc.update(record.slice(HEADER_BYTES, record.limit() - HEADER_BYTES));
        return (int) crc.getValue();
    }

    /** Whether this many bytes may be a record. */
    static boolean mayBe(int bytes) {
        return bytes >= HEADER_BYTES && bytes <= Limits.CHECKPOINT_RECORD_BYTES_MAX;
    }
}
