package sago.sender.upload;

import com.google.protobuf.ByteString;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sago.common.fault.Advice;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.id.PackId;
import sago.common.proto.DurablePack;
import sago.common.proto.Opened;
import sago.common.proto.PackDurable;
import sago.common.proto.PackState;
import sago.common.proto.PackStates;
import sago.common.proto.ReceiptIssued;
import sago.common.proto.SiteState;
import sago.common.protocol.PackPresence;
import sago.common.protocol.SiteCondition;
import sago.common.time.Clock;

/**
 * The state machine of one upload session: which connections live, when to connect again, what to ask the site after a
 * loss, and what still awaits an answer. It exists apart from {@link UploadSession} so that it runs without a network
 * under a simulated clock.
 *
 * <p>Confined to its {@link Control}, except where a method says otherwise.
 */
final class SessionControl implements LinkEvents {
    private static final Logger LOG = LoggerFactory.getLogger(SessionControl.class);

    /** A connection that lived this long was a good one: the next wait is a short one. */
    private static final long STEADY_NS = TimeUnit.SECONDS.toNanos(1);

    /**
     * After so long without any acknowledgement the site is asked what it holds: it may have sent them over a connection of which
     * only this end knows that it is dead.
     */
    private static final long REMIND_NS = TimeUnit.SECONDS.toNanos(5);

    private final Control control;
    private final Clock clock;
    private final UploadDialer dialer;
    private final PreparedLinks prepared;
    private final Transmitter transmitter;
    private final AcknowledgementSink acknowledger;
    private final Backoff backoff;
    private final StreamKeeper streams;

    private final Map<Integer, UploadLink> links = new ConcurrentHashMap<>();
    private final Map<Integer, Long> upSinceNs = new ConcurrentHashMap<>();
    private final ArrayDeque<Ask<?>> waitingAsks = new ArrayDeque<>();
    private final CompletableFuture<Opened> firstOpened = new CompletableFuture<>();
    private final CompletableFuture<Void> over = new CompletableFuture<>();
    private volatile UploadState state = UploadState.OPENING;
    private final Outage outage;
    private final AtomicInteger losses = new AtomicInteger();
    private ByteString token = ByteString.EMPTY;
    private boolean opening;
    private int attaching;
    private boolean dialScheduled;
    private int commits;
    private int asked;
    private long keepUntil;
    private volatile long discardedBytes;
    private FaultException endFault = new FaultException(Fault.INTERRUPTED, "the upload session is closed");

    SessionControl(
            Control control,
            Clock clock,
            UploadDialer dialer,
            Transmitter transmitter,
            AcknowledgementSink acknowledger,
            UploadPlan plan) {
        this.control = control;
        this.clock = clock;
        this.dialer = dialer;
        this.prepared = new PreparedLinks(dialer, this);
        this.transmitter = transmitter;
        this.acknowledger = acknowledger;
        this.backoff = new Backoff(plan.random());
        this.streams = new StreamKeeper(
                control,
                clock,
                new StreamTuner(plan.streams()),
                links.values(),
                () -> transmitter.counters().sentBytes());
        this.outage = new Outage(clock, control, plan.giveUpAfterNs(), this::failNow);
        transmitter.onWork(this::wakeAll);
    }

    /** Makes the first connection. Any thread; the stage fails with the fault that ended the session. */
    CompletableFuture<Opened> start() {
        control.execute(this::dial);
        return firstOpened;
    }

    /** Sends a request on any connection, again on another one if that ends before the answer. Any thread. */
    <T> CompletableFuture<T> ask(Function<UploadLink, CompletionStage<T>> request) {
        Ask<T> ask = new Ask<>(request, false);
        control.execute(() -> issue(ask));
        return ask.answer;
    }

    /** As {@link #ask}, for COMMIT: the session is COMMITTING until it has an answer. Any thread. */
    <T> CompletableFuture<T> askCommit(Function<UploadLink, CompletionStage<T>> request) {
        Ask<T> ask = new Ask<>(request, true);
        control.execute(() -> {
            commits++;
            if (state == UploadState.STREAMING) {
                become(UploadState.COMMITTING, "the manifest is complete");
            }
            issue(ask);
        });
        return ask.answer;
    }

    /** Ends the session in order, unless it has failed; the stage completes once no connection is left. Any thread. */
    CompletableFuture<Void> close() {
        control.execute(() -> {
            if (!state.isEnd()) {
                become(UploadState.DONE, "closed");
                end(endFault);
            }
        });
        return over;
    }

    /** Ends the session with a fault. Any thread. */
    void fail(FaultException fault) {
        control.execute(() -> failNow(fault));
    }

    /** Any thread. */
    UploadState state() {
        return state;
    }

    /** Live connections. Any thread. */
    Collection<UploadLink> links() {
        return links.values();
    }

    /** What the session waits for instead of moving bytes, or null. Any thread. */
    @Nullable
    Waiting waiting() {
        return outage.now();
    }

    /** Bytes of sessions before this one that the site gave up when this one was opened. Any thread. */
    long discardedBytes() {
        return discardedBytes;
    }

    /** Connections that were lost so far. Any thread. */
    int losses() {
        return losses.get();
    }

    @Override
    public void reached(long rttNs) {
        control.execute(() -> {
            if (opening && !state.isEnd()) {
                streams.reached(rttNs);
                prepared.prepare(streams.wanted() - 1);
            }
        });
    }

    @Override
    public void closed(UploadLink link, FaultException why) {
        control.execute(() -> lost(link, why));
    }

    @Override
    public void durable(PackDurable acknowledgement) {
        control.execute(() -> {
            try {
                keepUntil = acknowledgement.getKeepUntil();
                for (DurablePack pack : acknowledgement.getPacksList()) {
                    acknowledge(transmitter.durable(PackStatuses.packId(pack.getPack())));
                }
                backoff.reset();
            } catch (FaultException e) {
                failNow(e);
            }
        });
    }

    @Override
    public void receipt(ReceiptIssued receipt) {
        control.execute(() -> acknowledger.receipt(receipt));
    }

    @Override
    public void siteState(SiteState report) {
        control.execute(() -> {
            try {
                boolean full = SiteCondition.ofWireId(report.getState()) == SiteCondition.FULL;
                if (full && !outage.is(Waiting.Kind.SITE_AWAY)) {
                    outage.begin(Waiting.Kind.SITE_FULL, "");
                } else if (outage.is(Waiting.Kind.SITE_FULL)) {
                    outage.end();
                }
                LOG.info(
                        "site is {}: {} bytes free {}",
                        full ? "full" : "ready",
                        report.getFreeBytes(),
                        report.getMessage());
            } catch (FaultException e) {
                failNow(e);
            }
        });
    }

    /** Wakes every connection. Any thread. */
    private void wakeAll() {
        links.values().forEach(UploadLink::wake);
    }

    private void dial() {
        if (state.isEnd()) {
            return;
        }
        if (links.isEmpty() || token.isEmpty()) {
            if (!opening) {
                opening = true;
                dialer.open(this).whenComplete((start, e) -> control.execute(() -> opened(start, e)));
            }
            return;
        }
        ByteString with = token;
        while (links.size() + attaching < streams.wanted()) {
            attaching++;
            prepared.attach(with).whenComplete((link, e) -> control.execute(() -> attached(with, link, e)));
        }
    }

    private void opened(UploadDialer.@Nullable Start start, @Nullable Throwable error) {
        opening = false;
        if (start == null || error != null) {
            prepared.close();
            dialFailed(Faults.of(Objects.requireNonNull(error)));
            return;
        }
        if (!firstOpened.isDone()) {
            discardedBytes = start.opened().getDiscardedBytes();
            remindLater();
            streams.watch(this::dial);
        }
        token = start.opened().getAttachToken();
        keepUntil = start.opened().getKeepUntil();
        firstOpened.complete(start.opened());
        up(start.link());
    }

    private void attached(ByteString with, @Nullable UploadLink link, @Nullable Throwable error) {
        attaching--;
        if (link != null && error == null) {
            up(link);
            return;
        }
        FaultException fault = Faults.of(Objects.requireNonNull(error));
        if (fault.fault() == Fault.NO_SESSION && !with.equals(token)) {
            scheduleDial();
            return;
        }
        dialFailed(fault);
    }

    private void up(UploadLink link) {
        if (state.isEnd()) {
            link.close();
            return;
        }
        outage.end();
        links.put(link.id(), link);
        upSinceNs.put(link.id(), clock.monotonicNs());
        streams.reached(link.stats().rttNs());
        streams.changed();
        if (state == UploadState.OPENING || state == UploadState.RECONNECTING) {
            become(commits > 0 ? UploadState.COMMITTING : UploadState.STREAMING, "connected");
        }
        askDoubted(link);
        for (int n = waitingAsks.size(); n > 0; n--) {
            issue(waitingAsks.remove());
        }
        link.wake();
        if (!link.alive()) {
            lost(link, new FaultException(Fault.CONNECTION_LOST, "the connection ended as soon as it was made"));
        }
        dial();
    }

    private void lost(UploadLink link, FaultException why) {
        Long since = upSinceNs.remove(link.id());
        if (links.remove(link.id()) == null || since == null) {
            return;
        }
        transmitter.linkLost(link.id());
        if (clock.monotonicNs() - since >= STEADY_NS) {
            backoff.reset();
        }
        if (state.isEnd()) {
            completeIfOver();
            return;
        }
        losses.incrementAndGet();
        streams.changed();
        UploadLink other = anyLink();
        if (other == null) {
            outage.begin(Waiting.Kind.SITE_AWAY, Faults.reason(why));
            become(UploadState.RECONNECTING, String.valueOf(why.getMessage()));
        } else {
            askDoubted(other);
        }
        dialFailed(why);
    }

    /** A connection could not be made, or ended: try again later, unless that changes nothing. */
    private void dialFailed(FaultException fault) {
        if (state.isEnd()) {
            return;
        }
        boolean mayPass = fault.fault().advice() != Advice.STOP || Faults.isOfTheWay(fault);
        if (state == UploadState.OPENING || !mayPass) {
            failNow(fault);
            return;
        }
        if (links.isEmpty()) {
            outage.begin(Waiting.Kind.SITE_AWAY, Faults.reason(fault));
        }
        if (fault.fault() == Fault.NO_SESSION) {
            token = ByteString.EMPTY;
            links.values().forEach(UploadLink::close);
        }
        scheduleDial();
    }

    private void scheduleDial() {
        if (!dialScheduled && !state.isEnd()) {
            dialScheduled = true;
            control.schedule(
                    () -> {
                        dialScheduled = false;
                        dial();
                    },
                    backoff.nextNs());
        }
    }

    /** After a loss: what the site still holds of every pack that is not durable. The link's own end asks again. */
    private void askDoubted(UploadLink link) {
        ask(link, transmitter.doubted());
    }

    private void ask(UploadLink link, List<PackId> packs) {
        for (List<PackId> batch : PackStatuses.batches(packs)) {
            asked++;
            link.status(PackStatuses.request(batch))
                    .whenComplete((states, e) -> control.execute(() -> {
                        asked--;
                        if (states != null) {
                            learn(states);
                        }
                    }));
        }
    }

    private void remindLater() {
        long durableBefore = transmitter.counters().durablePacks();
        control.schedule(
                () -> {
                    UploadLink link = anyLink();
                    boolean silent = transmitter.counters().durablePacks() == durableBefore;
                    if (silent && asked == 0 && link != null) {
                        ask(link, transmitter.unacknowledged());
                    }
                    if (!state.isEnd()) {
                        remindLater();
                    }
                },
                REMIND_NS);
    }

    private void learn(PackStates states) {
        try {
            for (PackState pack : states.getPacksList()) {
                PackPresence presence = PackPresence.ofWireId(pack.getState());
                PackId id = PackStatuses.packId(pack.getPack());
                acknowledge(transmitter.learnt(id, presence, pack.getSlices().toByteArray()));
            }
        } catch (FaultException e) {
            failNow(e);
        }
    }

    private void acknowledge(@Nullable OutboundPack pack) {
        if (pack != null) {
            acknowledger.durable(pack, keepUntil);
        }
    }

    private <T> void issue(Ask<T> ask) {
        if (state.isEnd()) {
            ask.answer.completeExceptionally(endFault);
            return;
        }
        UploadLink link = anyLink();
        if (link == null) {
            waitingAsks.add(ask);
            return;
        }
        ask.request.apply(link).whenComplete((answer, e) -> control.execute(() -> answered(ask, answer, e)));
    }

    private <T> void answered(Ask<T> ask, @Nullable T answer, @Nullable Throwable error) {
        if (answer == null || error != null) {
            // The end of that connection, whose event comes too, decides whether the session goes on.
            issue(ask);
            return;
        }
        if (ask.commit) {
            commits--;
            if (commits == 0 && state == UploadState.COMMITTING) {
                become(UploadState.STREAMING, "the site answered the commit");
            }
        }
        ask.answer.complete(answer);
    }

    private void failNow(FaultException fault) {
        if (state.isEnd()) {
            return;
        }
        become(UploadState.FAILED, String.valueOf(fault.getMessage()));
        end(fault);
    }

    /** Nobody waits any longer: not for an image, not for an acknowledgement, not for an answer. */
    private void end(FaultException fault) {
        endFault = fault;
        transmitter.fail(fault);
        firstOpened.completeExceptionally(fault);
        waitingAsks.forEach(ask -> ask.answer.completeExceptionally(fault));
        waitingAsks.clear();
        links.values().forEach(UploadLink::close);
        prepared.close();
        streams.stop();
        completeIfOver();
    }

    private void completeIfOver() {
        if (links.isEmpty()) {
            over.complete(null);
        }
    }

    private void become(UploadState next, String reason) {
        if (!state.mayBecome(next)) {
            throw new IllegalStateException("upload session: " + state + " does not become " + next + ": " + reason);
        }
        LOG.info("upload session: {} -> {}: {}", state, next, reason);
        state = next;
    }

    private @Nullable UploadLink anyLink() {
        for (UploadLink link : links.values()) {
            return link;
        }
        return null;
    }
}
