package sago.bench.link;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import sago.common.id.PackId;
import sago.common.net.Transports;
import sago.common.proto.Credit;
import sago.common.proto.Ping;
import sago.common.protocol.Frame;
import sago.common.protocol.FrameType;
import sago.common.protocol.MessageFrame;
import sago.common.protocol.SliceFrame;
import sago.common.time.Clock;

/**
 * One connection of a measurement at the sending end: writes the same slice over and over, as long as the socket takes it and the window
 * has room. Event-loop confined; the getters may be called from any thread.
 */
// A void promise answers nothing; failures close the connection.
@SuppressWarnings("FutureReturnValueIgnored")
final class LinkConnection extends ChannelInboundHandlerAdapter {
    private final long windowBytes;
    private final PackId pack;
    private final ByteBuf slice;
    private final Clock clock;
    private final CompletableFuture<Channel> ready = new CompletableFuture<>();
    private @Nullable Channel channel;
    private boolean running;
    private boolean pumping;
    private long sent;
    private long pingSentNs;
    private CompletableFuture<Long> pong = new CompletableFuture<>();
    private volatile long taken;
    private volatile boolean lost;

    /** @param slice borrowed until the connection is closed */
    LinkConnection(long windowBytes, PackId pack, ByteBuf slice, Clock clock) {
        this.windowBytes = windowBytes;
        this.pack = pack;
        this.slice = slice;
        this.clock = clock;
    }

    /** Completes when TLS is up. */
    CompletableFuture<Channel> ready() {
        return ready;
    }

    /** Bytes that the other end said it took. */
    long takenBytes() {
        return taken;
    }

    boolean lost() {
        return lost;
    }

    /** One round trip over the connection as it is now, in nanoseconds. */
    CompletableFuture<Long> ping() {
        Channel on = ready.join();
        CompletableFuture<Long> answer = new CompletableFuture<>();
        on.eventLoop().execute(() -> {
            pong = answer;
            pingSentNs = clock.monotonicNs();
            on.writeAndFlush(MessageFrame.of(Ping.newBuilder().setId(1).build()), on.voidPromise());
        });
        return answer.orTimeout(60, TimeUnit.SECONDS);
    }

    /** Smoothed round trip of TCP, in seconds. */
    double tcpRttS() {
        return Transports.rttNs(ready.join()) / 1e9;
    }

    void start() {
        ready.join().eventLoop().execute(() -> {
            running = true;
            pump();
        });
    }

    void stop() {
        if (ready.isDone() && !ready.isCompletedExceptionally()) {
            Channel on = ready.join();
            on.eventLoop().execute(() -> running = false);
            on.close().awaitUninterruptibly();
        }
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        channel = ctx.channel();
        ctx.fireChannelActive();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof SslHandshakeCompletionEvent handshake && handshake.isSuccess()) {
            ready.complete(ctx.channel());
        }
        ctx.fireUserEventTriggered(event);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        Frame frame = (Frame) message;
        if (frame instanceof MessageFrame said && said.type() == FrameType.CREDIT) {
            taken = said.as(Credit.class).getTotal();
            pump();
        } else if (frame.type() == FrameType.PONG) {
            pong.complete(clock.monotonicNs() - pingSentNs);
        }
        frame.release();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        pump();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        end(new IOException("the other end closed the connection: does `sago bench link serve` run there?"));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        end(new IOException("the connection failed: " + cause.getMessage(), cause));
        ChannelFuture unused = ctx.close();
    }

    /** The connection could not be made. */
    void unreachable(Throwable cause) {
        end(new IOException(
                "cannot connect: " + cause.getMessage() + "; does `sago bench link serve` run there?", cause));
    }

    private void end(IOException why) {
        lost = running;
        running = false;
        ready.completeExceptionally(why);
        pong.completeExceptionally(why);
    }

    private void pump() {
        Channel to = channel;
        if (to == null || pumping) {
            return;
        }
        pumping = true;
        int body = SliceFrame.bodyBytes(slice.readableBytes());
        try {
            // A flush may make the socket writable again at once.
            for (boolean wrote = true; wrote; ) {
                wrote = false;
                while (running && to.isWritable() && sent - taken + body <= windowBytes) {
                    sent += body;
                    to.write(new SliceFrame(pack, 0, slice.retainedDuplicate()), to.voidPromise());
                    wrote = true;
                }
                to.flush();
            }
        } finally {
            pumping = false;
        }
    }
}
