package sago.common.protocol;

import io.netty.buffer.ByteBuf;
import sago.common.id.PackId;

/**
 * A slice of a pack file. The frame owns {@code bytes}: the encoder takes them over, a receiver releases them.
 *
 * @param slice index of the slice in the file
 * @param bytes exactly the slice's bytes
 */
public record SliceFrame(PackId pack, int slice, ByteBuf bytes) implements Frame {
    public SliceFrame {
        if (slice < 0) {
            throw new IllegalArgumentException("slice index < 0: " + slice);
        }
    }

    @Override
    public FrameType type() {
        return FrameType.SLICE;
    }

    /** Body bytes of this frame, which is what credit counts. */
    public int bodyBytes() {
        return bodyBytes(bytes.readableBytes());
    }

    /** Body bytes of a frame with a slice of this length, which is what credit counts. */
    public static int bodyBytes(int sliceBytes) {
        return FrameHeader.SLICE_HEAD_BYTES + sliceBytes;
    }

    /** Bytes of a whole frame with a slice of this length. */
    public static int frameBytes(int sliceBytes) {
        return FrameHeader.BYTES + bodyBytes(sliceBytes);
    }

    @Override
    public void release() {
        bytes.release();
    }
}
