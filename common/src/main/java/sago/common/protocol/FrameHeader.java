package sago.common.protocol;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * Header of a frame, big-endian, 12 bytes, and the fixed heads of the two binary bodies:
 *
 * <pre>
 *  0 4 length of the body          SLICE body   0 16 pack id      DATA body   0 8 request
 *  4 1 type                                    16  4 slice index              8   bytes
 *  5 1 zero                                    20  4 zero
 *  6 2 zero                                    24    bytes
 *  8 4 CRC32C of the body
 * </pre>
 */
final class FrameHeader {
    static final int LENGTH_OFFSET = 0;
    static final int TYPE_OFFSET = LENGTH_OFFSET + 4;
    static final int ZERO_OFFSET = TYPE_OFFSET + 1;
    static final int CRC_OFFSET = ZERO_OFFSET + 3;
    static final int BYTES = CRC_OFFSET + 4;

    static final int SLICE_HEAD_BYTES = 16 + 4 + 4;
    static final int DATA_HEAD_BYTES = 8;

    private FrameHeader() {}

    /** Bytes of the fixed head in front of a binary body's payload. */
    static int headBytes(FrameType type) {
        return switch (type) {
            case SLICE -> SLICE_HEAD_BYTES;
            case DATA -> DATA_HEAD_BYTES;
            default -> 0;
        };
    }

    /** Adds the readable bytes of a buffer to a checksum. Borrows the buffer. */
    static void update(CRC32C crc, ByteBuf bytes) {
        if (bytes.nioBufferCount() == 1) {
            crc.update(bytes.nioBuffer());
            return;
        }
        for (ByteBuffer part : bytes.nioBuffers()) {
            crc.update(part);
        }
    }
}
