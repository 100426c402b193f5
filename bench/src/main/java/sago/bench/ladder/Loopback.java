package sago.bench.ladder;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import sago.common.fault.FaultException;
import sago.common.id.PackId;
import sago.common.net.TlsContexts;
import sago.common.net.TlsIdentity;
import sago.common.net.Transports;
import sago.common.protocol.FrameDecoder;
import sago.common.protocol.FrameEncoder;
import sago.common.protocol.Peer;
import sago.common.protocol.SliceFrame;
import sago.common.secret.KernelRandom;
import sago.common.time.Clock;

/**
 * A connection from home to site as both ends make it: sockets, TLS, frames; what arrives is released. Each end has one event loop, whose CPU time
 * is the cost. Used by one thread.
 */
final class Loopback implements AutoCloseable {
    private static final long TIMEOUT_S = 60;
    private static final PackId PACK = new PackId(1, 2);

    private final Transports home = Transports.open(1, "ladder-home");
    private final Transports site = Transports.open(1, "ladder-site");
    private final Outgoing outgoing = new Outgoing();
    private final Arrivals arrivals = new Arrivals();
    private final Channel listening;
    private final Channel connection;

    Loopback() throws IOException, InterruptedException {
        try {
            TlsIdentity siteIdentity = TlsIdentity.generate("site", KernelRandom.create(), Clock.system());
            TlsIdentity homeIdentity = TlsIdentity.generate("home", KernelRandom.create(), Clock.system());
            listening = listen(TlsContexts.server(siteIdentity, Clock.system()));
            connection = connect(TlsContexts.client(homeIdentity, siteIdentity.spki(), Clock.system()));
        } catch (FaultException | RuntimeException e) {
            close(home, site);
            throw e;
        }
    }

    private Channel listen(SslContext tls) throws InterruptedException {
        ServerBootstrap bootstrap = site.server().childHandler(new ChannelInitializer<Channel>() {
            @Override
            protected void initChannel(Channel channel) {
                FrameDecoder decoder = FrameDecoder.ofClientFrames();
                decoder.authenticated();
                channel.pipeline()
                        .addLast(tls.newHandler(channel.alloc()))
                        .addLast(decoder)
                        .addLast(new FrameEncoder(Peer.SITE))
                        .addLast(arrivals);
            }
        });
        return bootstrap
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .sync()
                .channel();
    }

    private Channel connect(SslContext tls) throws InterruptedException {
        return home.client()
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline()
                                .addLast(tls.newHandler(channel.alloc()))
                                .addLast(FrameDecoder.ofSiteFrames())
                                .addLast(new FrameEncoder(Peer.CLIENT))
                                .addLast(outgoing);
                    }
                })
                .connect(listening.localAddress())
                .sync()
                .channel();
    }

    /** Sends slices and waits until all have arrived. Borrows the buffers. */
    void send(Collection<ByteBuffer> slices) throws IOException, InterruptedException {
        arrivals.expect(slices.stream().mapToLong(ByteBuffer::remaining).sum());
        connection.eventLoop().execute(() -> outgoing.send(connection.pipeline().context(outgoing), slices));
        arrivals.await();
    }

    /** CPU time of both event loops since they began. */
    long spentNs() throws InterruptedException {
        try {
            return home.group().next().submit(Costs::threadNs).get()
                    + site.group().next().submit(Costs::threadNs).get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("an event loop has no CPU time", e);
        }
    }

    @Override
    public void close() {
        connection.close().awaitUninterruptibly();
        listening.close().awaitUninterruptibly();
        close(home, site);
    }

    private static void close(Transports home, Transports site) {
        home.close();
        site.close();
    }

    /** Home: writes while the channel has room, as a sender does. Event-loop confined. */
    @SuppressWarnings(
            "FutureReturnValueIgnored") // A write that fails closes the connection, and the wait for arrivals ends with
    // it.
    private static final class Outgoing extends ChannelDuplexHandler {
        private final Deque<ByteBuffer> waiting = new ArrayDeque<>();
        private int slice;

        void send(ChannelHandlerContext ctx, Collection<ByteBuffer> slices) {
            waiting.addAll(slices);
            pump(ctx);
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext ctx) {
            pump(ctx);
        }

        private void pump(ChannelHandlerContext ctx) {
            while (ctx.channel().isWritable() && !waiting.isEmpty()) {
                ctx.writeAndFlush(
                        new SliceFrame(PACK, slice++ & Short.MAX_VALUE, Unpooled.wrappedBuffer(waiting.remove())),
                        ctx.voidPromise());
            }
        }
    }

    /** The site: counts bytes and releases them. Written by the event loop, awaited by the thread that sends. */
    private static final class Arrivals extends ChannelInboundHandlerAdapter {
        private long missing;
        private String failure = "";

        synchronized void expect(long bytes) {
            missing += bytes;
        }

        synchronized void await() throws IOException, InterruptedException {
            long deadline = Clock.system().monotonicNs() + TimeUnit.SECONDS.toNanos(TIMEOUT_S);
            while (missing > 0 && failure.isEmpty() && Clock.system().monotonicNs() < deadline) {
                wait(TimeUnit.SECONDS.toMillis(1));
            }
            if (missing > 0) {
                throw new IOException("the loopback connection stopped: "
                        + (failure.isEmpty() ? missing + " bytes are missing after " + TIMEOUT_S + " s" : failure));
            }
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            SliceFrame frame = (SliceFrame) message;
            int bytes = frame.bytes().readableBytes();
            frame.release();
            synchronized (this) {
                missing -= bytes;
                if (missing == 0) {
                    notifyAll();
                }
            }
        }

        @Override
        public synchronized void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            failure = cause.toString();
            notifyAll();
        }
    }
}
