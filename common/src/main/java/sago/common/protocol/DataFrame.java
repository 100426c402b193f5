package sago.common.protocol;

import io.netty.buffer.ByteBuf;

/**
 * The bytes that a READ asked for. The frame owns {@code bytes}: the encoder takes them over, a receiver releases them.
 *
 * @param request number of the READ
 */
public record DataFrame(long request, ByteBuf bytes) implements Frame {
    @Override
    public FrameType type() {
        return FrameType.DATA;
    }

    @Override
    public void release() {
        bytes.release();
    }
}
