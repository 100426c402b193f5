package sago.receiver.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.ssl.SslContext;
import java.net.InetSocketAddress;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import sago.common.fault.Fault;
import sago.common.id.Hash;
import sago.common.id.SessionId;
import sago.common.id.SiteId;
import sago.common.net.TlsContexts;
import sago.common.net.TlsIdentity;
import sago.common.net.Transports;
import sago.common.pack.PackEntry;
import sago.common.proto.Attach;
import sago.common.proto.Attached;
import sago.common.proto.Credit;
import sago.common.proto.FaultReport;
import sago.common.proto.Hello;
import sago.common.proto.Open;
import sago.common.proto.Opened;
import sago.common.proto.PackEnd;
import sago.common.proto.Ping;
import sago.common.proto.Pong;
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

/** One blocking connection to a site. Credit and pings are handled underneath; all other frames are queued. For one thread. */
final class TestClient implements AutoCloseable {
    private static final long WAIT_SECONDS = 20;

    final Channel channel;
    private final BlockingQueue<Object> events;
    private final AtomicLong credit;
    private long sentBodyBytes;
    Welcome welcome = Welcome.getDefaultInstance();

    /** The connection ended. */
    record Ended() {}

    private TestClient(Channel channel, BlockingQueue<Object> events, AtomicLong credit) {
        this.channel = channel;
        this.events = events;
        this.credit = credit;
    }

    static TestClient connect(Transports transports, InetSocketAddress address, TlsIdentity self, Hash pinned)
            throws Exception {
        SslContext tls = TlsContexts.client(self, pinned, Clock.system());
        BlockingQueue<Object> events = new LinkedBlockingQueue<>();
        AtomicLong credit = new AtomicLong();
        ChannelFuture connected = transports
                .client()
                .handler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        channel.pipeline()
                                .addLast(tls.newHandler(channel.alloc()))
                                .addLast(FrameDecoder.ofSiteFrames())
                                .addLast(new FrameEncoder(Peer.CLIENT))
                                .addLast(new Collector(events, credit));
                    }
                })
                .connect(address)
                .sync();
        return new TestClient(connected.channel(), events, credit);
    }

    /** HELLO and its WELCOME. */
    TestClient hello(TestHome home, ClientRole role, ByteString grant) throws InterruptedException {
        send(helloOf(home, role, grant));
        welcome = expect(Welcome.class);
        return this;
    }

    static Hello helloOf(TestHome home, ClientRole role, ByteString grant) {
        return Hello.newBuilder()
                .setProtocolMin(1)
                .setProtocolMax(1)
                .setSoftware("test")
                .setVault(ByteString.copyFrom(home.vault.toBytes()))
                .setRole(role.wireId())
                .setGrant(grant)
                .build();
    }

    void sendOpen(TestHome home, SessionId session, SiteId site) {
        send(Open.newBuilder()
                .setOpen(home.sessionOpen(session, site, welcome.getNonce()))
                .setSessionHeader(home.sessionHeader(session))
                .build());
    }

    Opened open(TestHome home, SessionId session, SiteId site) throws InterruptedException {
        sendOpen(home, session, site);
        return expect(Opened.class);
    }

    void attach(SessionId session, ByteString token) throws InterruptedException {
        send(Attach.newBuilder()
                .setSession(ByteString.copyFrom(session.toBytes()))
                .setAttachToken(token)
                .build());
        expect(Attached.class);
    }

    void send(MessageLite message) {
        channel.writeAndFlush(MessageFrame.of(message)).awaitUninterruptibly();
    }

    /** Sends a slice once credit allows it. */
    void slice(TestHome.Pack pack, int index) throws InterruptedException {
        int body = SliceFrame.bodyBytes(pack.slice(index).remaining());
        synchronized (credit) {
            while (sentBodyBytes + body > credit.get()) {
                credit.wait(TimeUnit.SECONDS.toMillis(WAIT_SECONDS));
            }
        }
        sliceAnyway(pack, index);
    }

    /** Sends a slice, credit or not. */
    void sliceAnyway(TestHome.Pack pack, int index) {
        sentBodyBytes += SliceFrame.bodyBytes(pack.slice(index).remaining());
        channel.writeAndFlush(new SliceFrame(pack.entry().id(), index, Unpooled.wrappedBuffer(pack.slice(index))))
                .awaitUninterruptibly();
    }

    void end(PackEntry pack) {
        send(PackEnd.newBuilder()
                .setPack(ByteString.copyFrom(pack.id().toBytes()))
                .setLength((int) pack.length())
                .setRoot(ByteString.copyFrom(pack.root().toBytes()))
                .build());
    }

    void put(TestHome.Pack pack) throws InterruptedException {
        for (int i = 0; i < pack.slices(); i++) {
            slice(pack, i);
        }
        end(pack.entry());
    }

    /** Credit that is left. */
    long creditLeft() {
        return credit.get() - sentBodyBytes;
    }

    /** Waits for any credit. */
    void awaitCredit() throws InterruptedException {
        synchronized (credit) {
            while (credit.get() == 0) {
                credit.wait(TimeUnit.SECONDS.toMillis(WAIT_SECONDS));
            }
        }
    }

    /** The next frame, which is of this message; a fault of the site fails the test. */
    <M extends MessageLite> M expect(Class<M> message) throws InterruptedException {
        Object event = next();
        assertThat(event).isInstanceOf(MessageFrame.class);
        MessageLite got = ((MessageFrame) event).message();
        assertThat(got).isInstanceOf(message);
        return message.cast(got);
    }

    /** The next frame of this message; others are dropped. */
    <M extends MessageLite> M await(Class<M> message) throws InterruptedException {
        while (true) {
            Object event = next();
            assertThat(event).isInstanceOf(Frame.class);
            if (event instanceof MessageFrame frame) {
                if (message.isInstance(frame.message())) {
                    return message.cast(frame.message());
                }
                assertThat(frame.type()).as("%s", frame).isNotEqualTo(FrameType.FAULT);
            }
        }
    }

    /** The site ends the connection with this fault; returns its message. */
    String awaitFault(Fault fault) throws InterruptedException {
        while (true) {
            Object event = next();
            assertThat(event).isInstanceOf(MessageFrame.class);
            MessageLite message = ((MessageFrame) event).message();
            if (message instanceof FaultReport report) {
                assertThat(Fault.ofCode(report.getCode()))
                        .as(report.getMessage())
                        .isEqualTo(fault);
                return report.getMessage();
            }
        }
    }

    /** Waits until the connection has ended, and says why, as far as this end knows. */
    Object awaitEnd() throws InterruptedException {
        Object last = "nothing";
        for (Object event = next(); !(event instanceof Ended); event = next()) {
            last = event;
        }
        return last;
    }

    Object next() throws InterruptedException {
        Object event = events.poll(WAIT_SECONDS, TimeUnit.SECONDS);
        assertThat(event)
                .as("something from the site within %d s", WAIT_SECONDS)
                .isNotNull();
        return event;
    }

    /** Ends the connection the hard way, as a lost link or a killed process does. */
    void cut() {
        channel.close().awaitUninterruptibly();
    }

    @Override
    public void close() {
        cut();
    }

    /** Event-loop confined. */
    private static final class Collector extends ChannelInboundHandlerAdapter {
        private final BlockingQueue<Object> events;
        private final AtomicLong credit;

        Collector(BlockingQueue<Object> events, AtomicLong credit) {
            this.events = events;
            this.credit = credit;
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            if (message instanceof MessageFrame frame && frame.type() == FrameType.CREDIT) {
                synchronized (credit) {
                    credit.set(frame.as(Credit.class).getTotal());
                    credit.notifyAll();
                }
            } else if (message instanceof MessageFrame frame && frame.type() == FrameType.PING) {
                ChannelFuture unused = ctx.writeAndFlush(MessageFrame.of(
                        Pong.newBuilder().setId(frame.as(Ping.class).getId()).build()));
            } else {
                events.add(message);
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            events.add(cause);
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            events.add(new Ended());
        }
    }
}
