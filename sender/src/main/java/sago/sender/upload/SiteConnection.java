package sago.sender.upload;

import com.google.protobuf.MessageLite;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.ArrayDeque;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.limits.Limits;
import sago.common.net.TlsFaults;
import sago.common.net.Transports;
import sago.common.proto.FaultReport;
import sago.common.proto.Ping;
import sago.common.proto.Pong;
import sago.common.protocol.Frame;
import sago.common.protocol.FrameType;
import sago.common.protocol.MessageFrame;
import sago.common.time.Clock;

/**
 * One connection to a site, whatever its role: requests and their answers in order, signs of life, faults, and the end. Frames
 * that answer nothing go to the {@link ConnectionSink}.
 *
 * <p>Event-loop confined, but {@link #request}, {@link #close} and the getters may be called from any thread.
 */
final class SiteConnection extends ChannelInboundHandlerAdapter {
    /** What a site's message may take of a line. */
    private static final int MESSAGE_CHARS_MAX = 1000;

    private final String label;
    private final Clock clock;
    private final Liveness liveness;
    private final Channel channel;
    private final CompletableFuture<Void> secured = new CompletableFuture<>();
    private final ArrayDeque<Pending> pending = new ArrayDeque<>();
    private @Nullable ConnectionSink sink;
    private @Nullable ScheduledFuture<?> deadline;
    private @Nullable ScheduledFuture<?> pulse;
    private @Nullable FaultException end;
    private long pingId;
    private long pingSentNs;
    private boolean pinged;
    private volatile long rttNs;

    SiteConnection(String label, Clock clock, Liveness liveness, Channel channel) {
        this.label = label;
        this.clock = clock;
        this.liveness = liveness;
        this.channel = channel;
    }

    /** Who gets what answers nothing. Before the connection is made. */
    void sink(ConnectionSink to) {
        sink = to;
    }

    Channel channel() {
        return channel;
    }

    /** How messages name the site. */
    String label() {
        return label;
    }

    /** Completes when TLS is up; fails when the connection ends before. */
    CompletableFuture<Void> secured() {
        return secured;
    }

    /** Of the last PING; before the first what TCP saw of the handshakes, or 0. */
    long rttNs() {
        return rttNs;
    }

    /** The connection ends unless it is {@link #ready} in time. Event loop only. */
    void readyWithin(long timeoutNs) {
        deadline = channel.eventLoop()
                .schedule(
                        () -> closeNow(new FaultException(Fault.TIMEOUT, label + " did not answer in time")),
                        timeoutNs,
                        TimeUnit.NANOSECONDS);
    }

    /** Everything before the first use is done: from now on the site owes signs of life. Event loop only. */
    void ready() {
        if (end == null) {
            cancelDeadline();
            rttNs = Transports.rttNs(channel);
            pulse = channel.eventLoop()
                    .scheduleAtFixedRate(this::pulse, 0, Limits.PING_INTERVAL_MS, TimeUnit.MILLISECONDS);
        }
    }

    private void cancelDeadline() {
        if (deadline != null) {
            deadline.cancel(false);
        }
    }

    /** Sends a request that is answered in order by one of these types; the connection ends if it is not answered in time. */
    CompletableFuture<MessageFrame> request(MessageLite message, Set<FrameType> answers, long timeoutNs) {
        Pending request = new Pending(answers);
        onLoop(() -> {
            if (end != null) {
                request.answer.completeExceptionally(Faults.again(end));
                return;
            }
            pending.add(request);
            request.deadline = channel.eventLoop().schedule(() -> late(answers), timeoutNs, TimeUnit.NANOSECONDS);
            send(message);
        });
        return request.answer;
    }

    /** Ends the connection; this fault is what everyone hears of it, unless it had ended before. */
    void close(FaultException why) {
        onLoop(() -> closeNow(why));
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof SslHandshakeCompletionEvent handshake && handshake.isSuccess()) {
            secured.complete(null);
        }
        ctx.fireUserEventTriggered(event);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (!(message instanceof Frame frame)) {
            throw new IllegalStateException("not a frame: " + message.getClass());
        }
        if (end != null) {
            frame.release();
            return;
        }
        try {
            dispatch(frame);
        } catch (FaultException e) {
            report(e);
            closeNow(e);
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (sink != null && end == null && channel.isWritable()) {
            sink.writable();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        closeNow(new FaultException(Fault.CONNECTION_LOST, label + ": the connection was lost"));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        Throwable inner = cause instanceof DecoderException ? cause.getCause() : null;
        FaultException fault = TlsFaults.of(inner == null ? cause : inner);
        closeNow(new FaultException(fault.fault(), label + ": " + fault.getMessage(), fault));
    }

    private void dispatch(Frame frame) throws FaultException {
        switch (frame.type()) {
            case WELCOME,
                    SITE_GRANT_STORED,
                    KEYRING_STORED,
                    KEYRING_FOUND,
                    OPENED,
                    ATTACHED,
                    PACK_STATES,
                    COMMITTED,
                    MISSING,
                    CONFLICT,
                    MANIFESTS,
                    MANIFEST_FOUND,
                    SESSION_FOUND,
                    AUDITED,
                    SESSIONS,
                    ORDER_DONE -> answer((MessageFrame) frame);
            case CREDIT, PACK_DURABLE, RECEIPT, SITE_STATE, DATA, READ_FAILED -> handOn(frame);
            case PING ->
                send(Pong.newBuilder()
                        .setId(((MessageFrame) frame).as(Ping.class).getId())
                        .build());
            case PONG -> pong(((MessageFrame) frame).as(Pong.class).getId());
            case FAULT -> {
                FaultReport report = ((MessageFrame) frame).as(FaultReport.class);
                closeNow(reported(report.getCode(), report.getMessage()));
            }
            case HELLO,
                    SITE_GRANT,
                    KEYRING,
                    FETCH_KEYRING,
                    OPEN,
                    ATTACH,
                    SLICE,
                    PACK_END,
                    PACK_STATUS,
                    COMMIT,
                    READ,
                    LIST_MANIFESTS,
                    FETCH_MANIFEST,
                    FETCH_SESSION,
                    AUDIT,
                    LIST_SESSIONS,
                    ORDER ->
                throw new FaultException(Fault.PROTOCOL, label + " sent " + frame.type() + ", which only clients send");
        }
    }

    private void answer(MessageFrame frame) throws FaultException {
        Pending first = pending.peek();
        if (first == null || !first.answers.contains(frame.type())) {
            throw new FaultException(
                    Fault.PROTOCOL, label + " answered with " + frame.type() + ", which was not asked");
        }
        pending.remove();
        first.done();
        first.answer.complete(frame);
    }

    private void handOn(Frame frame) throws FaultException {
        if (sink == null) {
            frame.release();
            throw new FaultException(Fault.PROTOCOL, label + " sent " + frame.type() + " too early");
        }
        sink.frame(frame);
    }

    /** What the site says is wrong; its message is cut to one printable line. */
    FaultException reported(int code, String said) {
        String message = said.codePoints()
                .filter(c -> !Character.isISOControl(c))
                .limit(MESSAGE_CHARS_MAX)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
        Fault fault = Fault.ofCode(code);
        // A site whose disk fails stops serving until somebody has looked at it: from here it is away.
        return new FaultException(fault == Fault.DISK ? Fault.SITE_UNREACHABLE : fault, label + " says: " + message);
    }

    private void pulse() {
        if (TimeUnit.NANOSECONDS.toMillis(liveness.silentNs()) >= Limits.SILENCE_TIMEOUT_MS) {
            closeNow(new FaultException(
                    Fault.TIMEOUT,
                    label + " has been silent for " + TimeUnit.MILLISECONDS.toSeconds(Limits.SILENCE_TIMEOUT_MS)
                            + " s"));
            return;
        }
        if (!pinged) {
            pinged = true;
            pingSentNs = clock.monotonicNs();
            send(Ping.newBuilder().setId(++pingId).build());
        }
    }

    private void pong(long id) {
        if (pinged && id == pingId) {
            pinged = false;
            rttNs = Math.max(1, clock.monotonicNs() - pingSentNs);
        }
    }

    private void late(Set<FrameType> answers) {
        closeNow(new FaultException(Fault.TIMEOUT, label + " did not answer in time with " + answers));
    }

    /** Tells the site why, as far as the connection still carries it. */
    private void report(FaultException why) {
        send(FaultReport.newBuilder()
                .setCode(why.fault().code())
                .setMessage(String.valueOf(why.getMessage()))
                .build());
    }

    private void closeNow(FaultException why) {
        if (end != null) {
            return;
        }
        end = why;
        cancelDeadline();
        if (pulse != null) {
            pulse.cancel(false);
        }
        ChannelFuture unused = channel.close();
        secured.completeExceptionally(why);
        for (Pending request = pending.poll(); request != null; request = pending.poll()) {
            request.done();
            request.answer.completeExceptionally(why);
        }
        if (sink != null) {
            sink.closed(why);
        }
    }

    /** What cannot be written comes back as an exception and ends the connection. */
    private void send(MessageLite message) {
        channel.writeAndFlush(MessageFrame.of(message)).addListener(ChannelFutureListener.FIRE_EXCEPTION_ON_FAILURE);
    }

    private void onLoop(Runnable task) {
        if (channel.eventLoop().inEventLoop()) {
            task.run();
        } else {
            channel.eventLoop().execute(task);
        }
    }

    /** A request without its answer. */
    private static final class Pending {
        final Set<FrameType> answers;
        final CompletableFuture<MessageFrame> answer = new CompletableFuture<>();

        @Nullable
        ScheduledFuture<?> deadline;

        Pending(Set<FrameType> answers) {
            this.answers = answers;
        }

        void done() {
            if (deadline != null) {
                deadline.cancel(false);
            }
        }
    }
}
