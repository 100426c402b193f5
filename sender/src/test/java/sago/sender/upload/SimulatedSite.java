package sago.sender.upload;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.id.PackId;
import sago.common.net.TcpState;
import sago.common.pack.PackEntry;
import sago.common.pack.PackGeometry;
import sago.common.proto.Commit;
import sago.common.proto.Committed;
import sago.common.proto.DurablePack;
import sago.common.proto.Opened;
import sago.common.proto.PackDurable;
import sago.common.proto.PackState;
import sago.common.proto.PackStates;
import sago.common.proto.PackStatus;
import sago.common.protocol.MessageFrame;
import sago.common.protocol.PackPresence;
import sago.common.protocol.SliceFrame;

/**
 * A site and the network before it, in simulated time: connections that delay, reorder between each other, stall, duplicate and are
 * cut, with each end noticing at its own time; a site that forgets whatever is not durable when it is restarted.
 */
final class SimulatedSite implements UploadDialer {
    private static final long MS = 1_000_000;

    final Map<PackId, byte[]> durable = new HashMap<>();
    final List<Commit> commits = new ArrayList<>();
    final Set<Link> links = new LinkedHashSet<>();
    final ArrayDeque<FaultException> dialFaults = new ArrayDeque<>();
    int opens;
    long discardedBytes;
    int attaches;
    int prepares;

    /** What the next OPEN meets instead of an answer. */
    @Nullable
    FaultException openFault;

    /** So many connections end while they wait for the session. */
    int loseWaiters;

    /** Connections that wait for the session to be open. */
    final Set<Prepared> waiters = new LinkedHashSet<>();

    /** Times a slice arrived whose bytes were held already. */
    int duplicates;

    /** Whether answers of COMMIT are lost with their connection, once. */
    boolean cutAtCommit;

    /** Round trip that is told when the site is reached; below 0: it is not told. */
    long reachedNs = -1;

    private final SimulatedTime time;
    private final Random random;
    private final PackGeometry geometry;
    private final Transmitter transmitter;
    private final Map<PackId, Received> receiving = new HashMap<>();
    private int epoch;
    private int nextId = 1;

    /** A pack whose bytes come in. */
    private static final class Received {
        final byte[] bytes;
        final BitSet held = new BitSet();

        @Nullable
        PackEntry end;

        boolean forcing;

        Received(int bytes) {
            this.bytes = new byte[bytes];
        }
    }

    SimulatedSite(SimulatedTime time, Random random, PackGeometry geometry, Transmitter transmitter) {
        this.time = time;
        this.random = random;
        this.geometry = geometry;
        this.transmitter = transmitter;
    }

    @Override
    public CompletionStage<Start> open(LinkEvents events) {
        opens++;
        CompletableFuture<Start> made = new CompletableFuture<>();
        if (reachedNs >= 0) {
            time.schedule(() -> events.reached(reachedNs), MS / 2);
        }
        dial(made, () -> {
            if (openFault != null) {
                made.completeExceptionally(openFault);
                return;
            }
            Link link = link(events);
            Opened opened = Opened.newBuilder()
                    .setHead(ByteString.copyFrom(new byte[32]))
                    .setAttachToken(token())
                    .setKeepUntil(1000)
                    .setDiscardedBytes(discardedBytes)
                    .build();
            made.complete(new Start(link, opened));
        });
        return made;
    }

    @Override
    public CompletionStage<Prepared> prepare(LinkEvents events) {
        CompletableFuture<Prepared> made = new CompletableFuture<>();
        prepares++;
        dial(made, () -> {
            Waiter waiter = new Waiter(events);
            waiters.add(waiter);
            made.complete(waiter);
        });
        return made;
    }

    /** A connection that has not joined the session. */
    private final class Waiter implements Prepared {
        private final LinkEvents events;
        private final int made = epoch;

        Waiter(LinkEvents events) {
            this.events = events;
        }

        @Override
        public CompletionStage<UploadLink> attach(ByteString token) {
            attaches++;
            waiters.remove(this);
            CompletableFuture<UploadLink> joined = new CompletableFuture<>();
            time.schedule(
                    () -> {
                        if (made != epoch || loseWaiters-- > 0) {
                            joined.completeExceptionally(new FaultException(Fault.CONNECTION_LOST, "cut"));
                        } else if (!token.equals(token())) {
                            joined.completeExceptionally(new FaultException(Fault.NO_SESSION, "no such session"));
                        } else {
                            joined.complete(link(events));
                        }
                    },
                    (1 + random.nextInt(20)) * MS);
            return joined;
        }

        @Override
        public void close() {
            waiters.remove(this);
        }
    }

    /** kill -9, and a new start. */
    void restart() {
        epoch++;
        receiving.clear();
        cutAll();
    }

    void cutAll() {
        List.copyOf(links).forEach(Link::cut);
    }

    void cutOne() {
        List<Link> alive = links.stream().filter(link -> !link.cut).toList();
        if (!alive.isEmpty()) {
            alive.get(random.nextInt(alive.size())).cut();
        }
    }

    private void dial(CompletableFuture<?> made, Runnable success) {
        FaultException fault = dialFaults.poll();
        time.schedule(
                () -> {
                    if (fault != null) {
                        made.completeExceptionally(fault);
                    } else {
                        success.run();
                    }
                },
                (1 + random.nextInt(20)) * MS);
    }

    private Link link(LinkEvents events) {
        Link link = new Link(nextId++, events);
        links.add(link);
        time.schedule(link::pump, MS);
        return link;
    }

    private ByteString token() {
        return ByteString.copyFromUtf8("epoch " + epoch);
    }

    private void received(PackId id, int index, byte[] bytes) {
        if (durable.containsKey(id)) {
            duplicates++;
            return;
        }
        Received pack = receiving.computeIfAbsent(id, key -> new Received(geometry.packBytes()));
        if (pack.held.get(index)) {
            duplicates++;
            return;
        }
        pack.held.set(index);
        System.arraycopy(bytes, 0, pack.bytes, index * geometry.segmentBytes(), bytes.length);
        force(id, pack);
    }

    private void ended(PackEntry entry) {
        if (durable.containsKey(entry.id())) {
            acknowledge(entry.id());
            return;
        }
        Received pack = receiving.computeIfAbsent(entry.id(), key -> new Received(geometry.packBytes()));
        pack.end = entry;
        force(entry.id(), pack);
    }

    private void force(PackId id, Received pack) {
        PackEntry end = pack.end;
        if (end == null || pack.forcing || pack.held.cardinality() < geometry.segments((int) end.length())) {
            return;
        }
        pack.forcing = true;
        int at = epoch;
        time.schedule(
                () -> {
                    if (at == epoch) {
                        receiving.remove(id);
                        durable.put(id, Arrays.copyOf(pack.bytes, (int) end.length()));
                        acknowledge(id);
                    }
                },
                random.nextInt(30) * MS);
    }

    private void acknowledge(PackId id) {
        for (Link link : links) {
            PackDurable message = PackDurable.newBuilder()
                    .addPacks(DurablePack.newBuilder().setPack(ByteString.copyFrom(id.toBytes())))
                    .setKeepUntil(1000)
                    .build();
            link.toClient(() -> link.events.durable(message));
            return;
        }
    }

    private PackStates states(PackStatus request) {
        PackStates.Builder states = PackStates.newBuilder();
        for (ByteString bytes : request.getPacksList()) {
            PackId id = PackId.of(bytes.toByteArray());
            Received pack = receiving.get(id);
            PackPresence presence = durable.containsKey(id)
                    ? PackPresence.DURABLE
                    : pack != null ? PackPresence.RECEIVING : PackPresence.UNKNOWN;
            states.addPacks(PackState.newBuilder()
                    .setPack(bytes)
                    .setState(presence.wireId())
                    .setSlices(pack == null ? ByteString.EMPTY : ByteString.copyFrom(pack.held.toByteArray())));
        }
        return states.build();
    }

    /** A connection; what is under way when it is cut never arrives. */
    final class Link implements UploadLink {
        private final int id;
        private final LinkEvents events;
        private final List<CompletableFuture<?>> pending = new ArrayList<>();
        private boolean cut;
        private boolean ended;
        boolean resting;
        private long credit = 2L * SliceFrame.bodyBytes(geometry.segmentBytes());
        private long siteAtNs;
        private long clientAtNs;

        Link(int id, LinkEvents events) {
            this.id = id;
            this.events = events;
        }

        /** Nothing arrives any more; each end notices in its own time, and the site may go on answering to a dead end. */
        void cut() {
            if (!cut) {
                cut = true;
                time.schedule(() -> links.remove(this), random.nextInt(4) == 0 ? 60_000 * MS : 0);
                time.schedule(
                        () -> {
                            ended = true;
                            FaultException lost = new FaultException(Fault.CONNECTION_LOST, "cut");
                            pending.forEach(answer -> answer.completeExceptionally(lost));
                            events.closed(this, lost);
                        },
                        random.nextInt(300) * MS);
            }
        }

        /** In order after all that this connection carries to the site. */
        private void toSite(Runnable arrival) {
            int stall = random.nextInt(50) == 0 ? 2000 : 0;
            siteAtNs = Math.max(siteAtNs, time.monotonicNs() + (1 + random.nextInt(10) + stall) * MS);
            time.schedule(arrival, siteAtNs - time.monotonicNs());
        }

        private void toClient(Runnable arrival) {
            clientAtNs = Math.max(clientAtNs, time.monotonicNs() + (1 + random.nextInt(10)) * MS);
            time.schedule(
                    () -> {
                        if (!cut) {
                            arrival.run();
                        }
                    },
                    clientAtNs - time.monotonicNs());
        }

        private void pump() {
            for (Work work = next(); work != null; work = next()) {
                if (work instanceof Work.Slice slice) {
                    credit -= SliceFrame.bodyBytes(slice.length());
                    toSite(() -> arrive(slice));
                } else if (work instanceof Work.End end) {
                    toSite(() -> {
                        if (!cut) {
                            ended(end.entry());
                        }
                    });
                }
            }
        }

        private @Nullable Work next() {
            return ended || resting ? null : transmitter.next(id, credit);
        }

        /** The image is read as late as possible: a buffer that was freed too early shows as wrong bytes. */
        private void arrive(Work.Slice slice) {
            ByteBuffer bytes = slice.bytes();
            byte[] copy = new byte[bytes.remaining()];
            bytes.get(copy);
            PackId pack = slice.pack().image().id();
            transmitter.written(slice);
            if (!cut) {
                received(pack, slice.index(), copy);
                if (random.nextInt(20) == 0) {
                    received(pack, slice.index(), copy);
                }
                toClient(() -> {
                    credit += SliceFrame.bodyBytes(slice.length());
                    pump();
                });
            }
        }

        @Override
        public int id() {
            return id;
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
        public boolean alive() {
            return !ended;
        }

        @Override
        public void wake() {
            time.execute(this::pump);
        }

        @Override
        public CompletionStage<PackStates> status(PackStatus request) {
            CompletableFuture<PackStates> answer = ask();
            toSite(() -> {
                if (!cut) {
                    PackStates states = states(request);
                    toClient(() -> answer.complete(states));
                }
            });
            return answer;
        }

        @Override
        public CompletionStage<MessageFrame> commit(Commit request) {
            CompletableFuture<MessageFrame> answer = ask();
            toSite(() -> {
                if (!cut) {
                    commits.add(request);
                    if (cutAtCommit) {
                        cutAtCommit = false;
                        cut();
                    }
                    toClient(() -> answer.complete(MessageFrame.of(Committed.getDefaultInstance())));
                }
            });
            return answer;
        }

        private <T> CompletableFuture<T> ask() {
            CompletableFuture<T> answer = new CompletableFuture<>();
            pending.add(answer);
            if (ended) {
                answer.completeExceptionally(new FaultException(Fault.CONNECTION_LOST, "cut before"));
            }
            return answer;
        }

        @Override
        public void close() {
            cut();
        }

        @Override
        public Stats stats() {
            return new Stats(resting ? Waiting.REST : Waiting.NOTHING, 0, TcpState.UNKNOWN, 0);
        }
    }
}
