package sago.common.protocol;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.id.PackId;
import sago.common.limits.Limits;

/**
 * Turns bytes into {@link Frame}s (layout: {@link FrameHeader}). A header is judged completely, length against the bound of its
 * type first, before memory for its body is taken; then the body is collected in one buffer of exactly its length, so that a
 * slice is copied once and the memory that it holds is its own.
 *
 * <p>The first fault is final: it is fired as an exception, and everything after it is dropped. Event-loop confined.
 */
public final class FrameDecoder extends ChannelInboundHandlerAdapter {
    /** A body starts with at most this much memory and grows as its bytes arrive: a large length alone buys nothing. */
    private static final int FIRST_CAPACITY_BYTES = 64 << 10;

    private final Peer from;
    private final CRC32C crc = new CRC32C();
    private final byte[] header = new byte[FrameHeader.BYTES];
    private int headerBytes;
    private int bodyBytesMax;
    private @Nullable FrameType type;
    private int bodyBytes;
    private @Nullable ByteBuf body;
    private boolean failed;

    private FrameDecoder(Peer from, int bodyBytesMax) {
        this.from = from;
        this.bodyBytesMax = bodyBytesMax;
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
            dropBody();
            ctx.fireExceptionCaught(e);
        } finally {
            in.release();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        boolean cut = !failed && headerBytes > 0;
        failed = true;
        dropBody();
        if (cut) {
            ctx.fireExceptionCaught(
                    new FaultException(Fault.CONNECTION_LOST, "the connection ended in the middle of a frame"));
        }
        ctx.fireChannelInactive();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        failed = true;
        dropBody();
    }

    /** Moves bytes into header and body; true when the frame is complete. Borrows the buffer. */
    private boolean take(ByteBufAllocator allocator, ByteBuf in) throws FaultException {
        if (body == null) {
            int n = Math.min(FrameHeader.BYTES - headerBytes, in.readableBytes());
            in.readBytes(header, headerBytes, n);
            headerBytes += n;
            if (headerBytes < FrameHeader.BYTES) {
                return false;
            }
            type = judge();
            body = allocate(allocator, type);
        }
        int n = Math.min(bodyBytes - body.readableBytes(), in.readableBytes());
        body.writeBytes(in, n);
        return isComplete();
    }

    private boolean isComplete() {
        return body != null && body.readableBytes() == bodyBytes;
    }

    private FrameType judge() throws FaultException {
        int length = intAt(FrameHeader.LENGTH_OFFSET);
        int wireId = header[FrameHeader.TYPE_OFFSET] & 0xff;
        FrameType found = FrameType.ofWireId(wireId);
        if (found == null || !found.isSentBy(from)) {
            throw new FaultException(Fault.PROTOCOL, "frame of type " + wireId + " is not one that this peer may send");
        }
        int max = Math.min(found.bodyBytesMax(), bodyBytesMax);
        if (length < 0 || length > max) {
            throw new FaultException(
                    Fault.LIMIT, found + " of " + Integer.toUnsignedString(length) + " bytes; at most " + max);
        }
        if ((intAt(FrameHeader.TYPE_OFFSET) & 0xffffff) != 0) {
            throw new FaultException(Fault.PROTOCOL, found + " with reserved bytes that are not zero");
        }
        bodyBytes = length;
        return found;
    }

    private ByteBuf allocate(ByteBufAllocator allocator, FrameType forType) {
        return switch (forType) {
            case SLICE, DATA -> allocator.directBuffer(bodyBytes, bodyBytes);
            default -> allocator.heapBuffer(Math.min(bodyBytes, FIRST_CAPACITY_BYTES), Math.max(bodyBytes, 1));
        };
    }

    /** The complete frame; binary frames take the body over. */
    private Frame decode() throws FaultException {
        ByteBuf bytes = body;
        FrameType frameType = type;
        if (bytes == null || frameType == null) {
            throw new IllegalStateException("no frame is complete");
        }
        body = null;
        type = null;
        headerBytes = 0;
        boolean handedOver = false;
        try {
            crc.reset();
            FrameHeader.update(crc, bytes);
            if ((int) crc.getValue() != intAt(FrameHeader.CRC_OFFSET)) {
                throw new FaultException(Fault.INTEGRITY, frameType + " arrived damaged: its checksum is wrong");
            }
            Frame frame = parse(frameType, bytes);
            handedOver = !(frame instanceof MessageFrame);
            return frame;
        } finally {
            if (!handedOver) {
                bytes.release();
            }
        }
    }

    private static Frame parse(FrameType type, ByteBuf bytes) throws FaultException {
        MessageLite prototype = type.prototype();
        if (prototype != null) {
            try {
                return new MessageFrame(type, prototype.getParserForType().parseFrom(bytes.nioBuffer()));
            } catch (InvalidProtocolBufferException e) {
                throw new FaultException(Fault.PROTOCOL, type + " is not a message of its type", e);
            }
        }
        return type == FrameType.SLICE ? slice(bytes) : data(bytes);
    }

    private static Frame slice(ByteBuf bytes) throws FaultException {
        if (bytes.readableBytes() <= FrameHeader.SLICE_HEAD_BYTES) {
            throw new FaultException(Fault.PROTOCOL, "SLICE without bytes: " + bytes.readableBytes());
        }
        PackId pack = new PackId(bytes.readLong(), bytes.readLong());
        int index = bytes.readInt();
        if (index < 0 || bytes.readInt() != 0) {
            throw new FaultException(
                    Fault.PROTOCOL, "SLICE with index " + index + " or reserved bytes that are not zero");
        }
        return new SliceFrame(pack, index, bytes);
    }

    private static Frame data(ByteBuf bytes) throws FaultException {
        if (bytes.readableBytes() <= FrameHeader.DATA_HEAD_BYTES) {
            throw new FaultException(Fault.PROTOCOL, "DATA without bytes: " + bytes.readableBytes());
        }
        return new DataFrame(bytes.readLong(), bytes);
    }

    private int intAt(int offset) {
        return (header[offset] & 0xff) << 24
                | (header[offset + 1] & 0xff) << 16
                | (header[offset + 2] & 0xff) << 8
                | (header[offset + 3] & 0xff);
    }

    private void dropBody() {
        if (body != null) {
            body.release();
            body = null;
        }
    }
}
