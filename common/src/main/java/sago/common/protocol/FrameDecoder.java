package sago.common.protocol;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.id.PackId;
import sago.common.limits.Limits;
import sago.common.sign.Aliasing;

/**
 * Turns bytes into {@link Frame}s (layout: {@link FrameHeader}). A header is judged completely, length against the bound of its
 * type first, before memory for its body is taken; then the body is collected in one buffer of exactly its length, so that a
 * slice is copied once and the memory that it holds is its own, without the fixed head in front of it: its size stays a power of two.
 *
 * <p>The first fault is final: it is fired as an exception, and everything after it is dropped. Event-loop confined.
 */
public final class FrameDecoder extends ChannelInboundHandlerAdapter {
    /** A body starts with at most this much memory and grows as its bytes arrive: a large length alone buys nothing. */
    private static final int FIRST_CAPACITY_BYTES = 64 << 10;

    private final Peer from;
    private final CRC32C crc = new CRC32C();
    /** Header and, for SLICE and DATA, the fixed head of the body. */
    private final ByteBuffer head = ByteBuffer.allocate(FrameHeader.BYTES + FrameHeader.SLICE_HEAD_BYTES);

    private int bodyBytesMax;
    private @Nullable FrameType type;
    private int payloadBytes;
    private @Nullable ByteBuf payload;
    private boolean failed;

    private FrameDecoder(Peer from, int bodyBytesMax) {
        this.from = from;
        this.bodyBytesMax = bodyBytesMax;
        head.limit(FrameHeader.BYTES);
    }

    /** The decoder of a site: bodies are tightly bounded until {@link #authenticated}. */
    public static FrameDecoder ofClientFrames() {
        return new FrameDecoder(Peer.CLIENT, Limits.MESSAGE_BYTES_UNAUTHENTICATED_MAX);
    }

    /** The decoder of a client, which knows the site by its pinned key before the first frame. */
    public static FrameDecoder ofSiteFrames() {
        return new FrameDecoder(Peer.SITE, Integer.MAX_VALUE);
    }

    /** The peer has shown a grant: from now on only the bounds of the types hold. Event loop only. */
    public void authenticated() {
        bodyBytesMax = Integer.MAX_VALUE;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (!(message instanceof ByteBuf in)) {
            ctx.fireChannelRead(message);
            return;
        }
        try {
            while (!failed && in.isReadable()) {
                if (take(ctx.alloc(), in)) {
                    ctx.fireChannelRead(decode());
                }
            }
        } catch (FaultException e) {
            failed = true;
            dropPayload();
            ctx.fireExceptionCaught(e);
        } finally {
            in.release();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        boolean cut = !failed && head.position() > 0;
        failed = true;
        dropPayload();
        if (cut) {
            ctx.fireExceptionCaught(
                    new FaultException(Fault.CONNECTION_LOST, "the connection ended in the middle of a frame"));
        }
        ctx.fireChannelInactive();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        failed = true;
        dropPayload();
    }

    /** Moves bytes into head and payload; true when the frame is complete. Borrows the buffer. */
    private boolean take(ByteBufAllocator allocator, ByteBuf in) throws FaultException {
        FrameType known = type;
        if (known == null) {
            if (!fillHead(in)) {
                return false;
            }
            known = judge();
            type = known;
            head.limit(FrameHeader.BYTES + FrameHeader.headBytes(known));
        }
        if (payload == null) {
            if (!fillHead(in)) {
                return false;
            }
            payload = allocate(allocator, known);
        }
        payload.writeBytes(in, Math.min(payloadBytes - payload.readableBytes(), in.readableBytes()));
        return payload.readableBytes() == payloadBytes;
    }

    private boolean fillHead(ByteBuf in) {
        int n = Math.min(head.remaining(), in.readableBytes());
        in.readBytes(head.array(), head.position(), n);
        head.position(head.position() + n);
        return !head.hasRemaining();
    }

    private FrameType judge() throws FaultException {
        int length = head.getInt(FrameHeader.LENGTH_OFFSET);
        int wireId = head.get(FrameHeader.TYPE_OFFSET) & 0xff;
        FrameType found = FrameType.ofWireId(wireId);
        if (found == null || !found.isSentBy(from)) {
            throw new FaultException(Fault.PROTOCOL, "frame of type " + wireId + " is not one that this peer may send");
        }
        int max = Math.min(found.bodyBytesMax(), bodyBytesMax);
        if (length < 0 || length > max) {
            throw new FaultException(
                    Fault.LIMIT, found + " of " + Integer.toUnsignedString(length) + " bytes; at most " + max);
        }
        if ((head.getInt(FrameHeader.TYPE_OFFSET) & 0xffffff) != 0) {
            throw new FaultException(Fault.PROTOCOL, found + " with reserved bytes that are not zero");
        }
        payloadBytes = length - FrameHeader.headBytes(found);
        if (payloadBytes < 0 || (payloadBytes == 0 && found.prototype() == null)) {
            throw new FaultException(Fault.PROTOCOL, found + " without bytes: " + length);
        }
        return found;
    }

    private ByteBuf allocate(ByteBufAllocator allocator, FrameType forType) {
        return switch (forType) {
            case SLICE, DATA -> allocator.directBuffer(payloadBytes, payloadBytes);
            default -> allocator.heapBuffer(Math.min(payloadBytes, FIRST_CAPACITY_BYTES), Math.max(payloadBytes, 1));
        };
    }

    /** The complete frame; binary frames take the payload over. */
    private Frame decode() throws FaultException {
        ByteBuf bytes = payload;
        FrameType frameType = type;
        if (bytes == null || frameType == null) {
            throw new IllegalStateException("no frame is complete");
        }
        payload = null;
        type = null;
        boolean handedOver = false;
        try {
            int checksum = head.getInt(FrameHeader.CRC_OFFSET);
            head.flip().position(FrameHeader.BYTES);
            crc.reset();
            crc.update(head.duplicate());
            FrameHeader.update(crc, bytes);
            if ((int) crc.getValue() != checksum) {
                throw new FaultException(Fault.INTEGRITY, frameType + " arrived damaged: its checksum is wrong");
            }
            Frame frame = parse(frameType, bytes);
            handedOver = !(frame instanceof MessageFrame);
            head.clear().limit(FrameHeader.BYTES);
            return frame;
        } finally {
            if (!handedOver) {
                bytes.release();
            }
        }
    }

    private Frame parse(FrameType frameType, ByteBuf bytes) throws FaultException {
        MessageLite prototype = frameType.prototype();
        if (prototype == null) {
            return frameType == FrameType.SLICE ? slice(bytes) : new DataFrame(head.getLong(), bytes);
        }
        try {
            return new MessageFrame(
                    frameType, Aliasing.parse(prototype.getParserForType(), ByteString.copyFrom(bytes.nioBuffer())));
        } catch (InvalidProtocolBufferException e) {
            throw new FaultException(Fault.PROTOCOL, frameType + " is not a message of its type", e);
        }
    }

    private Frame slice(ByteBuf bytes) throws FaultException {
        PackId pack = PackId.read(head);
        int index = head.getInt();
        if (index < 0 || head.getInt() != 0) {
            throw new FaultException(
                    Fault.PROTOCOL, "SLICE with index " + index + " or reserved bytes that are not zero");
        }
        return new SliceFrame(pack, index, bytes);
    }

    private void dropPayload() {
        if (payload != null) {
            payload.release();
            payload = null;
        }
    }
}
