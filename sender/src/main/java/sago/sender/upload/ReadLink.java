package sago.sender.upload;

import com.google.protobuf.ByteString;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFutureListener;
import io.netty.util.concurrent.ScheduledFuture;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.id.PackId;
import sago.common.proto.Read;
import sago.common.proto.ReadFailed;
import sago.common.protocol.DataFrame;
import sago.common.protocol.Frame;
import sago.common.protocol.FrameType;
import sago.common.protocol.MessageFrame;

/**
 * A connection that reads: any number of READs in flight, answered in any order, each straight into its caller's buffer.
 *
 * <p>Event-loop confined, except {@link #read} and {@link #alive}.
 */
final class ReadLink implements ConnectionSink {
    /** A read of a megabyte that takes longer will not come. */
    private static final long READ_TIMEOUT_NS = TimeUnit.MINUTES.toNanos(2);

    private final SiteConnection connection;
    private final Map<Long, PendingRead> reads = new HashMap<>();
    private long lastRequest;
    private @Nullable FaultException end;
    private volatile boolean alive = true;

    ReadLink(SiteConnection connection) {
        this.connection = connection;
        connection.sink(this);
    }

    SiteConnection connection() {
        return connection;
    }

    boolean alive() {
        return alive;
    }

    /** Ends the connection. Any thread. */
    void close() {
        connection.close(new FaultException(Fault.INTERRUPTED, "the connection was closed at this end"));
    }

    /** Sends a READ. Any thread. */
    void read(PendingRead read) {
        connection.channel().eventLoop().execute(() -> {
            if (end != null) {
                read.done.completeExceptionally(end);
                return;
            }
            long request = ++lastRequest;
            reads.put(request, read);
            read.deadline = connection
                    .channel()
                    .eventLoop()
                    .schedule(() -> connection.close(late()), READ_TIMEOUT_NS, TimeUnit.NANOSECONDS);
            Read message = Read.newBuilder()
                    .setRequest(request)
                    .setPack(ByteString.copyFrom(read.pack.toBytes()))
                    .setOffset(read.offset)
                    .setLength(read.length)
                    .build();
            connection
                    .channel()
                    .writeAndFlush(MessageFrame.of(message))
                    .addListener(ChannelFutureListener.FIRE_EXCEPTION_ON_FAILURE);
        });
    }

    @Override
    public void frame(Frame frame) throws FaultException {
        try {
            if (frame instanceof DataFrame data) {
                take(data.request()).fill(data.bytes(), connection.label());
            } else if (frame instanceof MessageFrame message && message.type() == FrameType.READ_FAILED) {
                ReadFailed failed = message.as(ReadFailed.class);
                take(failed.getRequest())
                        .done
                        .completeExceptionally(connection.reported(failed.getFault(), failed.getMessage()));
            } else {
                throw new FaultException(Fault.PROTOCOL, connection.label() + " sent " + frame.type() + " to a reader");
            }
        } finally {
            frame.release();
        }
    }

    @Override
    public void writable() {
        // Requests are small: they are written whether or not the socket is full.
    }

    @Override
    public void closed(FaultException why) {
        alive = false;
        end = why;
        reads.values().forEach(read -> {
            read.settle();
            read.done.completeExceptionally(why);
        });
        reads.clear();
    }

    private PendingRead take(long request) throws FaultException {
        PendingRead read = reads.remove(request);
        if (read == null) {
            throw new FaultException(
                    Fault.PROTOCOL, connection.label() + " answered read " + request + ", which was not asked");
        }
        read.settle();
        return read;
    }

    private FaultException late() {
        return new FaultException(Fault.TIMEOUT, connection.label() + " did not answer a read in time");
    }

    /** Bytes of one pack that are wanted in a buffer, of at most one READ. */
    static final class PendingRead {
        final PackId pack;
        final int offset;
        final int length;
        final CompletableFuture<Void> done = new CompletableFuture<>();
        private @Nullable ByteBuffer into;
        private @Nullable ScheduledFuture<?> deadline;

        /** Borrows the buffer, of which exactly the remaining bytes are filled, until {@code done} or {@link #forget}. */
        PendingRead(PackId pack, int offset, ByteBuffer into) {
            this.pack = pack;
            this.offset = offset;
            this.length = into.remaining();
            this.into = into;
        }

        /** The caller wants its buffer back: nothing is written to it any more once this returned. Any thread. */
        synchronized void forget() {
            into = null;
        }

        private void fill(ByteBuf bytes, String label) {
            if (bytes.readableBytes() != length) {
                done.completeExceptionally(new FaultException(
                        Fault.PROTOCOL,
                        label + " sent " + bytes.readableBytes() + " bytes of pack " + pack + " instead of " + length));
                return;
            }
            synchronized (this) {
                if (into != null) {
                    bytes.readBytes(into);
                }
            }
            done.complete(null);
        }

        private void settle() {
            if (deadline != null) {
                deadline.cancel(false);
            }
        }
    }
}
