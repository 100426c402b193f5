package sago.sender.upload;

import com.google.protobuf.ByteString;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.net.Transports;
import sago.common.pack.PackEntry;
import sago.common.proto.Attach;
import sago.common.proto.Attached;
import sago.common.proto.Commit;
import sago.common.proto.Credit;
import sago.common.proto.Open;
import sago.common.proto.Opened;
import sago.common.proto.PackDurable;
import sago.common.proto.PackEnd;
import sago.common.proto.PackStates;
import sago.common.proto.PackStatus;
import sago.common.proto.ReceiptIssued;
import sago.common.proto.SiteState;
import sago.common.protocol.Frame;
import sago.common.protocol.FrameType;
import sago.common.protocol.MessageFrame;
import sago.common.protocol.SliceFrame;

/**
 * A connection of an upload over the network. Whenever the socket takes bytes and the credit covers a slice, it takes the next one from
 * the transmitter and writes it straight from the pack image: nothing is copied before TLS.
 *
 * <p>Event-loop confined, except the methods of {@link UploadLink}.
 */
final class SiteUploadLink implements UploadLink, ConnectionSink {
    /** A site may take long over a busy disk; a connection without signs of life ends earlier. */
    private static final long ANSWER_TIMEOUT_NS = TimeUnit.MINUTES.toNanos(10);

    private static final Set<FrameType> COMMIT_ANSWERS =
            EnumSet.of(FrameType.COMMITTED, FrameType.MISSING, FrameType.CONFLICT);

    private final int id;
    private final SiteConnection connection;
    private final Channel channel;
    private final Transmitter transmitter;
    private final LinkEvents events;
    private final AtomicBoolean wakeQueued = new AtomicBoolean();
    private boolean carrying;
    private boolean pumping;
    private boolean pausing;
    private long firstCredit;
    private long credit;
    private long sentBody;
    private volatile boolean alive = true;
    private volatile boolean resting;
    private volatile Waiting waiting = Waiting.WORK;
    private volatile long inflightBytes;

    SiteUploadLink(int id, SiteConnection connection, Transmitter transmitter, LinkEvents events) {
        this.id = id;
        this.connection = connection;
        this.channel = connection.channel();
        this.transmitter = transmitter;
        this.events = events;
        connection.sink(this);
    }

    /** Opens the session over this connection. */
    CompletionStage<Opened> open(Open request) {
        return connection
                .request(request, EnumSet.of(FrameType.OPENED), ANSWER_TIMEOUT_NS)
                .thenApply(frame -> {
                    Opened opened = frame.as(Opened.class);
                    carry(opened.getCredit());
                    return opened;
                });
    }

    /** Joins the session that is open. */
    CompletionStage<UploadLink> attach(ByteString session, ByteString token) {
        Attach request =
                Attach.newBuilder().setSession(session).setAttachToken(token).build();
        return connection
                .request(request, EnumSet.of(FrameType.ATTACHED), ANSWER_TIMEOUT_NS)
                .thenApply(frame -> {
                    carry(frame.as(Attached.class).getCredit());
                    return this;
                });
    }

    @Override
    public int id() {
        return id;
    }

    @Override
    public boolean alive() {
        return alive;
    }

    @Override
    public void wake() {
        if (wakeQueued.compareAndSet(false, true)) {
            channel.eventLoop().execute(() -> {
                wakeQueued.set(false);
                pump();
            });
        }
    }

    @Override
    public void rest(boolean now) {
        boolean before = resting;
        resting = now;
        if (before && !now) {
            wake();
        }
    }

    @Override
    public CompletableFuture<PackStates> status(PackStatus request) {
        return connection
                .request(request, EnumSet.of(FrameType.PACK_STATES), ANSWER_TIMEOUT_NS)
                .thenApply(frame -> frame.as(PackStates.class));
    }

    @Override
    public CompletableFuture<MessageFrame> commit(Commit request) {
        return connection.request(request, COMMIT_ANSWERS, ANSWER_TIMEOUT_NS);
    }

    @Override
    public void close() {
        connection.close(new FaultException(Fault.CONNECTION_LOST, "the connection was closed at this end"));
    }

    @Override
    public Stats stats() {
        return new Stats(resting ? Waiting.REST : waiting, connection.rttNs(), Transports.tcp(channel), inflightBytes);
    }

    @Override
    public void frame(Frame frame) throws FaultException {
        if (!(frame instanceof MessageFrame message)) {
            frame.release();
            throw new FaultException(Fault.PROTOCOL, connection.label() + " sent " + frame.type() + " out of place");
        }
        switch (message.type()) {
            case CREDIT -> grant(message.as(Credit.class).getTotal());
            case PACK_DURABLE -> events.durable(message.as(PackDurable.class));
            case RECEIPT -> events.receipt(message.as(ReceiptIssued.class));
            case SITE_STATE -> events.siteState(message.as(SiteState.class));
            default ->
                throw new FaultException(Fault.PROTOCOL, connection.label() + " sent " + frame.type() + " to a sender");
        }
    }

    @Override
    public void writable() {
        pump();
    }

    @Override
    public void closed(FaultException why) {
        alive = false;
        if (carrying) {
            carrying = false;
            events.closed(this, why);
        }
    }

    /** The session is joined. Acknowledgements and credit may have come before the answer that says so. */
    private void carry(long firstTotal) {
        if (alive) {
            carrying = true;
            Transports.bulkBegins(channel);
            grant(firstTotal);
        }
    }

    /** Totals are cumulative, and a site may send two of them in the wrong order: an older one is no news. */
    private void grant(long total) {
        if (credit == 0) {
            firstCredit = total;
        }
        credit = Math.max(credit, total);
        pump();
    }

    /** Writes while there is something to write, room in the socket, and credit. Writing may call back when the socket drains. */
    private void pump() {
        if (!carrying || pumping) {
            return;
        }
        pumping = true;
        try {
            boolean wrote;
            do {
                wrote = fill();
                channel.flush();
            } while (wrote && carrying && channel.isWritable());
        } finally {
            pumping = false;
        }
    }

    private boolean fill() {
        boolean wrote = false;
        while (carrying && !resting && channel.isWritable()) {
            Work work = transmitter.next(id, credit - sentBody);
            if (work == null) {
                waiting = credit - sentBody < transmitter.sliceBodyBytes() ? Waiting.CREDIT : Waiting.WORK;
                return wrote;
            }
            if (work instanceof Work.Pause pause) {
                waiting = Waiting.LIMIT;
                pauseFor(pause.ns());
                return wrote;
            }
            wrote = true;
            // The interface is sealed; Java 17 has no pattern switch.
            if (work instanceof Work.Slice slice) {
                write(slice);
            } else if (work instanceof Work.End end) {
                write(end.entry());
            }
        }
        waiting = channel.isWritable() ? Waiting.NOTHING : Waiting.SOCKET;
        return wrote;
    }

    /** Looks again then; whatever else wakes the connection meanwhile may look earlier. */
    private void pauseFor(long ns) {
        if (!pausing) {
            pausing = true;
            ScheduledFuture<?> unused = channel.eventLoop()
                    .schedule(
                            () -> {
                                pausing = false;
                                pump();
                            },
                            ns,
                            TimeUnit.NANOSECONDS);
        }
    }

    private void write(Work.Slice slice) {
        sentBody += SliceFrame.bodyBytes(slice.length());
        inflightBytes = Math.max(0, sentBody - (credit - firstCredit));
        channel.write(new SliceFrame(slice.pack().image().id(), slice.index(), Unpooled.wrappedBuffer(slice.bytes())))
                .addListener(done -> transmitter.written(slice));
    }

    private void write(PackEntry entry) {
        PackEnd end = PackEnd.newBuilder()
                .setPack(ByteString.copyFrom(entry.id().toBytes()))
                .setLength((int) entry.length())
                .setRoot(ByteString.copyFrom(entry.root().toBytes()))
                .build();
        channel.write(MessageFrame.of(end)).addListener(ChannelFutureListener.FIRE_EXCEPTION_ON_FAILURE);
    }
}
