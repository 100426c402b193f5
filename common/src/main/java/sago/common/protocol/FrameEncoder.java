package sago.common.protocol;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.MessageLite;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import java.io.IOException;
import java.util.zip.CRC32C;

/**
 * Turns {@link Frame}s into bytes (layout: {@link FrameHeader}). The payload of SLICE and DATA is written as it is, behind a small
 * buffer with header and fixed head, so that it is not copied; its promise completes when the payload is written.
 *
 * <p>Takes ownership of the frame. Event-loop confined.
 */
// What a write returns is the promise that its caller passed in; a head that fails takes its payload with it.
@SuppressWarnings("FutureReturnValueIgnored")
public final class FrameEncoder extends ChannelOutboundHandlerAdapter {
    private final Peer self;
    private final CRC32C crc = new CRC32C();

    /** The encoder of this end of a connection. */
    public FrameEncoder(Peer self) {
        this.self = self;
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        if (!(message instanceof Frame frame)) {
            ctx.write(message, promise);
            return;
        }
        if (!frame.type().isSentBy(self)) {
            frame.release();
            throw new IllegalArgumentException(self + " does not send " + frame.type());
        }
        // Java 17 has no pattern switch; the interface is sealed.
        if (frame instanceof MessageFrame control) {
            ctx.write(encode(ctx.alloc(), control), promise);
        } else if (frame instanceof SliceFrame slice) {
            writeBinary(ctx, sliceHead(ctx.alloc(), slice), slice.bytes(), promise);
        } else if (frame instanceof DataFrame data) {
            writeBinary(ctx, dataHead(ctx.alloc(), data), data.bytes(), promise);
        }
    }

    private ByteBuf encode(ByteBufAllocator allocator, MessageFrame frame) {
        MessageLite message = frame.message();
        int length = message.getSerializedSize();
        if (length > frame.type().bodyBytesMax()) {
            throw new IllegalArgumentException(frame.type() + " of " + length + " bytes; at most "
                    + frame.type().bodyBytesMax());
        }
        ByteBuf out = allocator.buffer(FrameHeader.BYTES + length, FrameHeader.BYTES + length);
        boolean complete = false;
        try {
            out.writerIndex(FrameHeader.BYTES);
            CodedOutputStream body = CodedOutputStream.newInstance(out.nioBuffer(FrameHeader.BYTES, length));
            message.writeTo(body);
            body.flush();
            body.checkNoSpaceLeft();
            out.writerIndex(FrameHeader.BYTES + length);
            crc.reset();
            crc.update(out.nioBuffer(FrameHeader.BYTES, length));
            putHeader(out, frame.type(), length);
            complete = true;
            return out;
        } catch (IOException e) {
            throw new IllegalStateException("a message did not fit its own size: " + frame.type(), e);
        } finally {
            if (!complete) {
                out.release();
            }
        }
    }

    private ByteBuf sliceHead(ByteBufAllocator allocator, SliceFrame frame) {
        ByteBuf head = allocator.directBuffer(FrameHeader.BYTES + FrameHeader.SLICE_HEAD_BYTES);
        head.writerIndex(FrameHeader.BYTES);
        head.writeLong(frame.pack().high()).writeLong(frame.pack().low());
        head.writeInt(frame.slice()).writeInt(0);
        return finish(head, frame, frame.bytes());
    }

    private ByteBuf dataHead(ByteBufAllocator allocator, DataFrame frame) {
        ByteBuf head = allocator.directBuffer(FrameHeader.BYTES + FrameHeader.DATA_HEAD_BYTES);
        head.writerIndex(FrameHeader.BYTES);
        head.writeLong(frame.request());
        return finish(head, frame, frame.bytes());
    }

    private ByteBuf finish(ByteBuf head, Frame frame, ByteBuf payload) {
        int length = head.writerIndex() - FrameHeader.BYTES + payload.readableBytes();
        crc.reset();
        crc.update(head.nioBuffer(FrameHeader.BYTES, head.writerIndex() - FrameHeader.BYTES));
        FrameHeader.update(crc, payload);
        putHeader(head, frame.type(), length);
        if (length > frame.type().bodyBytesMax() || !payload.isReadable()) {
            head.release();
            payload.release();
            throw new IllegalArgumentException(frame.type() + " with " + length + " bytes");
        }
        return head;
    }

    private void putHeader(ByteBuf out, FrameType type, int length) {
        out.setInt(FrameHeader.LENGTH_OFFSET, length);
        out.setInt(FrameHeader.TYPE_OFFSET, type.wireId() << 24);
        out.setInt(FrameHeader.CRC_OFFSET, (int) crc.getValue());
    }

    private static void writeBinary(ChannelHandlerContext ctx, ByteBuf head, ByteBuf payload, ChannelPromise promise) {
        ctx.write(head);
        ctx.write(payload, promise);
    }
}
