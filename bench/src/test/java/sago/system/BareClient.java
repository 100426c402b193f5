package sago.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.ssl.SslContext;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import sago.common.fault.Fault;
import sago.common.id.PackId;
import sago.common.id.VaultId;
import sago.common.net.TlsContexts;
import sago.common.net.TlsIdentity;
import sago.common.net.Transports;
import sago.common.proto.FaultReport;
import sago.common.proto.Hello;
import sago.common.proto.Welcome;
import sago.common.protocol.ClientRole;
import sago.common.protocol.Frame;
import sago.common.protocol.FrameDecoder;
import sago.common.protocol.FrameEncoder;
import sago.common.protocol.FrameType;
import sago.common.protocol.MessageFrame;
import sago.common.protocol.Peer;
import sago.common.protocol.SliceFrame;
import sago.common.time.Clock;
import sago.sender.keys.SiteEndpoint;

/**
 * One connection to a site that says what it is told to, in whatever order: a modified sender. It checks nothing that the real one checks. For one
 * thread.
 */
final class BareClient implements AutoCloseable {
    private static final long WAIT_S = 20;

    /** What follows the last frame. */
    private static final Object ENDED = "the connection ended";

    private final Channel channel;
    private final BlockingQueue<Object> events;

    private BareClient(Channel channel, BlockingQueue<Object> events) {
        this.channel = channel;
        this.events = events;
    }

    static BareClient connect(Transports transports, SiteEndpoint site, TlsIdentity self) throws Exception {
        SslContext tls = TlsContexts.client(self, site.tlsSpki(), Clock.system());
        BlockingQueue<Object> events = new LinkedBlockingQueue<>();
        Channel channel = transports
                .client()
                .handler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel made) {
                        made.pipeline()
                                .addLast(tls.newHandler(made.alloc()))
                                .addLast(FrameDecoder.ofSiteFrames())
                                .addLast(new FrameEncoder(Peer.CLIENT))
                                .addLast(new Collector(events));
                    }
                })
                .connect(site.address().host(), site.address().port())
                .sync()
                .channel();
        return new BareClient(channel, events);
    }

    void send(MessageLite message) {
        channel.writeAndFlush(MessageFrame.of(message)).awaitUninterruptibly();
    }

    /** A whole slice of these bytes, credit or not. */
    void slice(PackId pack, int index, byte[] bytes) {
        ByteBuf body = Unpooled.wrappedBuffer(bytes);
        channel.writeAndFlush(new SliceFrame(pack, index, body)).awaitUninterruptibly();
    }

    void hello(VaultId vault, ClientRole role, ByteString grant) {
        send(Hello.newBuilder()
                .setProtocolMin(1)
                .setProtocolMax(1)
                .setSoftware("bare")
                .setVault(ByteString.copyFrom(vault.toBytes()))
                .setRole(role.wireId())
                .setGrant(grant)
                .build());
    }

    /** HELLO that must be answered. */
    Welcome welcome(VaultId vault, ClientRole role, ByteString grant) throws InterruptedException {
        hello(vault, role, grant);
        return await(Welcome.class);
    }

    /** The next frame of this message; others are dropped, a fault fails the test. */
    <M extends MessageLite> M await(Class<M> message) throws InterruptedException {
        while (true) {
            Object event = next();
            assertThat(event).isInstanceOf(Frame.class);
            if (event instanceof MessageFrame frame) {
                if (message.isInstance(frame.message())) {
                    return message.cast(frame.message());
                }
                assertThat(frame.type()).as("%s", frame.message()).isNotEqualTo(FrameType.FAULT);
            }
        }
    }

    /** The fault with which the site ends the connection, or answers a request. */
    Fault fault() throws InterruptedException {
        while (true) {
            Object event = next();
            assertThat(event).as("a fault before the end").isInstanceOf(Frame.class);
            if (event instanceof MessageFrame frame && frame.message() instanceof FaultReport report) {
                return Fault.ofCode(report.getCode());
            }
        }
    }

    /** The next message, a fault or not; credit and receipts are dropped. */
    MessageLite answer() throws InterruptedException {
        while (true) {
            Object event = next();
            assertThat(event).as("an answer before the end").isInstanceOf(Frame.class);
            if (event instanceof MessageFrame frame
                    && frame.type() != FrameType.CREDIT
                    && frame.type() != FrameType.RECEIPT) {
                return frame.message();
            }
        }
    }

    private Object next() throws InterruptedException {
        Object event = events.poll(WAIT_S, TimeUnit.SECONDS);
        assertThat(event).as("something from the site within %d s", WAIT_S).isNotNull();
        return event;
    }

    @Override
    public void close() {
        channel.close().awaitUninterruptibly();
    }

    /** Event-loop confined. */
    private static final class Collector extends ChannelInboundHandlerAdapter {
        private final BlockingQueue<Object> events;

        Collector(BlockingQueue<Object> events) {
            this.events = events;
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            events.add(message);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            events.add(cause);
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            events.add(ENDED);
        }
    }
}
