package sago.receiver.accept;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.net.InetAddress;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.limits.Limits;
import sago.common.net.TlsContexts;
import sago.common.net.TlsFaults;
import sago.common.proto.FaultReport;
import sago.common.protocol.ClientRole;
import sago.common.protocol.Frame;
import sago.common.protocol.FrameDecoder;
import sago.common.protocol.MessageFrame;
import sago.common.trust.DatasetTerms;
import sago.receiver.serve.Client;

/**
 * One connection of a client: its state, its deadlines and its end. What its frames ask for is done by {@link Requests}.
 *
 * <p>State is confined to the event loop; what {@link Client} promises may be called by any thread.
 */
// Failed writes close the channel, which is where they are handled.
@SuppressWarnings("FutureReturnValueIgnored")
final class Connection extends ChannelInboundHandlerAdapter implements Client {
    private static final Logger LOG = LoggerFactory.getLogger(Connection.class);

    /** After FAULT the connection drops what still comes for so long, so that a reset does not overtake the message. */
    private static final long LINGER_MS = 1_000;

    private final SiteServices site;
    private final FrameDecoder decoder;
    private final InetAddress address;
    private final Channel channel;
    private final Jobs jobs;
    private final Liveness liveness;
    private ConnectionState state = ConnectionState.TLS;
    private boolean countsAsHandshake = true;
    private @Nullable Greeting greeting;
    private @Nullable Requests requests;

    /** The handshake gate was entered for this address. */
    Connection(SiteServices site, FrameDecoder decoder, Channel channel, InetAddress address) {
        this.site = site;
        this.decoder = decoder;
        this.channel = channel;
        this.address = address;
        this.jobs = new Jobs(site.storeThreads(), this, this::adjustReading);
        this.liveness = new Liveness(this, channel, jobs);
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        site.meters().connected();
        site.connections().add(this);
        ctx.executor().schedule(this::endOverdueHandshake, Limits.HANDSHAKE_TIMEOUT_MS, TimeUnit.MILLISECONDS);
        ctx.fireChannelActive();
    }

    private void endOverdueHandshake() {
        if (state.isHandshake()) {
            fail(new FaultException(
                    Fault.TIMEOUT,
                    "the handshake took longer than " + Limits.HANDSHAKE_TIMEOUT_MS / 1000 + " s; try again"));
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof SslHandshakeCompletionEvent handshake && handshake.isSuccess()) {
            try {
                greeting =
                        new Greeting(site, TlsContexts.peerSpki(ctx.pipeline().get(SslHandler.class)), outcome());
                become(ConnectionState.HELLO, "TLS is up");
            } catch (FaultException e) {
                fail(e);
            }
        }
        ctx.fireUserEventTriggered(event);
    }

    private Greeting.Outcome outcome() {
        return new Greeting.Outcome() {
            @Override
            public void enrolling() {
                inLoop(() -> become(ConnectionState.ENROLLING, "the site grant is not here yet"));
            }

            @Override
            public void admitted(Admission admission) {
                inLoop(() -> admit(admission));
            }
        };
    }

    private void admit(Admission admission) {
        Greeting said = greeting;
        if (state == ConnectionState.CLOSED || said == null) {
            return;
        }
        decoder.authenticated();
        requests = new Requests(site, this, jobs, admission, said.nonce());
        become(
                admission.role() == ClientRole.APPEND ? ConnectionState.AUTHENTICATED : ConnectionState.SERVING,
                "welcome as " + admission.role());
        liveness.start();
    }

    /** Ends the connection if it rests on an older grant than this one. Any thread. */
    void endIfOlder(DatasetTerms newest, FaultException replaced) {
        inLoop(() -> {
            Requests asked = requests;
            if (asked != null && asked.admission().isOlderThan(newest)) {
                failInLoop(replaced);
            }
        });
    }

    /** The connection carries a session from now on. Any thread. */
    void streaming() {
        inLoop(() -> become(ConnectionState.STREAMING, "session"));
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        Frame frame = (Frame) message;
        liveness.heard();
        try {
            dispatch(frame);
        } catch (FaultException e) {
            fail(e);
        }
    }

    private void dispatch(Frame frame) throws FaultException {
        Greeting said = greeting;
        Requests asked = requests;
        switch (state) {
            case TLS, CLOSED -> frame.release();
            case HELLO, ENROLLING -> {
                if (said == null || !(frame instanceof MessageFrame message)) {
                    frame.release();
                    throw new FaultException(Fault.PROTOCOL, frame.type() + " before WELCOME");
                }
                if (state == ConnectionState.HELLO) {
                    said.hello(message, jobs, this);
                } else {
                    said.siteGrant(message, jobs, this);
                }
            }
            case AUTHENTICATED, STREAMING, SERVING -> {
                if (asked == null) {
                    throw new IllegalStateException("welcome without requests");
                }
                asked.take(frame);
            }
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        adjustReading();
        if (channel.isWritable()) {
            jobs.proceed();
            Requests asked = requests;
            if (asked != null) {
                asked.proceed();
            }
        }
    }

    /** Nothing is read while the client does not take its answers, or while too much of what it asked waits. Any thread. */
    private void adjustReading() {
        inLoop(() -> channel.config()
                .setAutoRead(state == ConnectionState.CLOSED || (channel.isWritable() && !jobs.isPressed())));
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        close("the client is gone");
        site.meters().disconnected();
        site.connections().remove(this);
        if (countsAsHandshake) {
            countsAsHandshake = false;
            site.gate().leave(address);
        }
        ctx.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        fail(TlsFaults.of(cause));
    }

    /** Completes when the connection is gone. */
    ChannelFuture closeFuture() {
        return channel.closeFuture();
    }

    @Override
    public void send(Frame frame) {
        channel.writeAndFlush(frame);
    }

    @Override
    public boolean isWritable() {
        return channel.isWritable();
    }

    @Override
    public boolean isSilent() {
        return liveness.isSilent();
    }

    @Override
    public void fail(FaultException fault) {
        inLoop(() -> failInLoop(fault));
    }

    private void failInLoop(FaultException fault) {
        if (state == ConnectionState.CLOSED) {
            return;
        }
        site.meters().fault(fault.fault());
        LOG.info("{}: {} {}", address, fault.fault(), fault.getMessage());
        boolean canTell = state != ConnectionState.TLS;
        close(fault.fault().name());
        if (canTell) {
            send(FaultReport.newBuilder()
                    .setCode(fault.fault().code())
                    .setMessage(shortened(fault))
                    .build());
            channel.eventLoop().schedule(() -> channel.close(), LINGER_MS, TimeUnit.MILLISECONDS);
        } else {
            channel.close();
        }
    }

    private static String shortened(FaultException fault) {
        String message = String.valueOf(fault.getMessage());
        return message.length() <= 1024 ? message : message.substring(0, 1024);
    }

    /** The connection's work is over, whatever still happens to the channel. Event loop only. */
    private void close(String reason) {
        if (state == ConnectionState.CLOSED) {
            return;
        }
        become(ConnectionState.CLOSED, reason);
        liveness.stop();
        Requests asked = requests;
        if (asked != null) {
            asked.close();
        }
        adjustReading();
    }

    private void become(ConnectionState next, String reason) {
        if (state == ConnectionState.CLOSED) {
            return;
        }
        if (!state.mayBecome(next)) {
            throw new IllegalStateException("a connection cannot go from " + state + " to " + next);
        }
        LOG.debug("{}: {} -> {}: {}", address, state, next, reason);
        boolean wasHandshake = state.isHandshake();
        state = next;
        if (wasHandshake && !next.isHandshake() && next != ConnectionState.CLOSED && countsAsHandshake) {
            countsAsHandshake = false;
            site.gate().leave(address);
        }
    }

    private void inLoop(Runnable task) {
        if (channel.eventLoop().inEventLoop()) {
            task.run();
        } else {
            channel.eventLoop().execute(task);
        }
    }
}
