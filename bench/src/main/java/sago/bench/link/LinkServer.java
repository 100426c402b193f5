package sago.bench.link;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import sago.common.fault.FaultException;
import sago.common.net.TlsContexts;
import sago.common.net.TlsIdentity;
import sago.common.net.Transports;
import sago.common.proto.Credit;
import sago.common.proto.Ping;
import sago.common.proto.Pong;
import sago.common.protocol.Frame;
import sago.common.protocol.FrameDecoder;
import sago.common.protocol.FrameEncoder;
import sago.common.protocol.FrameType;
import sago.common.protocol.MessageFrame;
import sago.common.protocol.Peer;
import sago.common.protocol.SliceFrame;
import sago.common.time.Clock;

/**
 * The far end of a measurement: takes slices over the sockets, TLS and frames of a site, drops them, and says how much it took. Everybody may
 * connect. Opened and closed by one thread; connections are served by event loops.
 */
final class LinkServer implements AutoCloseable {
    /** A connection says how much it took after so many bytes: a slice of the usual size. */
    private static final long REPORT_BYTES = 256 << 10;

    private final Transports transports;
    private final Channel listening;

    private LinkServer(Transports transports, Channel listening) {
        this.transports = transports;
        this.listening = listening;
    }

    static LinkServer start(InetSocketAddress address, int threads, Clock clock) throws IOException {
        TlsIdentity identity = TlsIdentity.generate("bench", new SecureRandom(), clock);
        SslContext tls = TlsContexts.server(identity, clock);
        Transports transports = Transports.open(threads, "link-server");
        ChannelFuture bound = transports
                .server()
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        FrameDecoder decoder = FrameDecoder.ofClientFrames();
                        decoder.authenticated();
                        channel.pipeline()
                                .addLast(transports.tuning())
                                .addLast(tls.newHandler(channel.alloc()))
                                .addLast(decoder)
                                .addLast(new FrameEncoder(Peer.SITE))
                                .addLast(new Taker());
                    }
                })
                .bind(address)
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            transports.close();
            throw new IOException("cannot listen on " + address.getHostString() + ":" + address.getPort() + ": "
                    + bound.cause().getMessage() + "; choose another address or stop what uses it");
        }
        return new LinkServer(transports, bound.channel());
    }

    InetSocketAddress address() {
        return (InetSocketAddress) listening.localAddress();
    }

    String congestionControl() {
        return transports.congestionControl();
    }

    /** Until the process is stopped. */
    void awaitEnd() throws InterruptedException {
        listening.closeFuture().await();
    }

    @Override
    public void close() {
        listening.close().awaitUninterruptibly();
        transports.close();
    }

    /** One connection. Event-loop confined. */
    // A void promise answers nothing; failures close the connection.
    @SuppressWarnings("FutureReturnValueIgnored")
    private static final class Taker extends ChannelInboundHandlerAdapter {
        private long taken;
        private long reported;

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) throws FaultException {
            Frame frame = (Frame) message;
            try {
                if (frame instanceof SliceFrame slice) {
                    taken += slice.bodyBytes();
                } else if (frame instanceof MessageFrame asked && asked.type() == FrameType.PING) {
                    ctx.writeAndFlush(
                            MessageFrame.of(Pong.newBuilder()
                                    .setId(asked.as(Ping.class).getId())
                                    .build()),
                            ctx.voidPromise());
                }
            } finally {
                frame.release();
            }
            if (taken - reported >= REPORT_BYTES) {
                reported = taken;
                ctx.writeAndFlush(
                        MessageFrame.of(Credit.newBuilder().setTotal(taken).build()), ctx.voidPromise());
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            // Whoever connects may be anything, and a client that has measured just leaves.
            ChannelFuture unused = ctx.close();
        }
    }
}
