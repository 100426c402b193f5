package sago.sender.upload;

import com.google.protobuf.ByteString;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.security.SecureRandom;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.id.Hash;
import sago.common.id.PackId;
import sago.common.pack.PackEntry;
import sago.common.pack.PackGeometry;
import sago.common.proto.Commit;
import sago.common.proto.CommitConflict;
import sago.common.proto.Committed;
import sago.common.proto.MissingPacks;
import sago.common.proto.Opened;
import sago.common.proto.PackState;
import sago.common.proto.PackStates;
import sago.common.protocol.MessageFrame;
import sago.common.protocol.PackPresence;
import sago.common.trust.ManifestStubs;
import sago.sender.pack.PackImage;
import sago.sender.pack.PackTransport;
import sago.sender.pack.PackedChunk;

/**
 * One session of one dataset at one site: takes sealed packs, keeps them until they are durable there, and commits. Connections come
 * and go; the session lives until it is closed or a fault that waiting cannot cure ends it.
 *
 * <p>Thread-safe.
 */
public final class UploadSession implements PackTransport, AutoCloseable {
    private final Window window;
    private final Transmitter transmitter;
    private final SiteReceipts receipts;
    private final Acknowledger acknowledger;
    private final SessionControl control;
    private final SecureRandom random;
    private @Nullable SiteHead head;

    private UploadSession(SiteClient client, SessionOpening opening, UploadPlan plan, Listeners listeners) {
        PackGeometry geometry = plan.geometry();
        random = plan.random();
        window = new Window(geometry.packBytes(), plan.windowBytes());
        transmitter = new Transmitter(geometry, window, new Throttle(client.clock(), plan.rate()));
        receipts = new SiteReceipts(
                client.label(), opening.grant().vault(), opening.grant().dataset(), listeners.receipts());
        acknowledger = new Acknowledger(
                listeners.durable(),
                receipts,
                transmitter,
                this::failed,
                new DefaultThreadFactory("acknowledge-" + client.endpoint().name(), true));
        control = new SessionControl(
                new LoopControl(client.transports().group().next(), this::broken),
                client.clock(),
                new SiteDialer(client, opening, geometry, transmitter, receipts::signedBy),
                transmitter,
                acknowledger,
                plan);
    }

    /**
     * Connects and opens the session. The first connection is tried once: a site that cannot be reached now is
     * SITE_UNREACHABLE, a dataset that another session holds is LOCKED.
     */
    public static UploadSession open(SiteClient client, SessionOpening opening, UploadPlan plan, Listeners listeners)
            throws FaultException, InterruptedException {
        UploadSession session = new UploadSession(client, opening, plan, listeners);
        session.acknowledger.start();
        boolean opened = false;
        try {
            session.head = head(await(session.control.start()));
            opened = true;
            return session;
        } finally {
            if (!opened) {
                session.close();
            }
        }
    }

    /** Who hears of acknowledgements and receipts, both on the acknowledgement thread. */
    public record Listeners(DurableListener durable, ReceiptListener receipts) {}

    /** The newest snapshot at the site when the session was opened. */
    public SiteHead head() {
        return Objects.requireNonNull(head, "the session is open");
    }

    /** Packs that the window holds at most: open ones and those that await their acknowledgement. */
    public int windowPacks() {
        return window.imagesMax();
    }

    /** Sealed bytes that no connection has taken yet. */
    public long unsentBytes() {
        return transmitter.unsentBytes();
    }

    @Override
    public PackImage acquire() throws FaultException, InterruptedException {
        return new PackImage(PackId.random(random), window.acquire());
    }

    @Override
    public void sliceReady(PackImage image, int slice) throws FaultException {
        transmitter.sliceReady(image, slice);
    }

    @Override
    public void complete(PackImage image, PackEntry entry, List<PackedChunk> chunks) throws FaultException {
        receipts.expect(entry);
        transmitter.complete(image, entry, chunks);
    }

    @Override
    public void release(PackImage image) {
        window.free(image.buffer());
    }

    /** Waits until every complete pack is durable and its listener has returned. */
    public void awaitDurable() throws FaultException, InterruptedException {
        transmitter.awaitSettled();
    }

    /**
     * Asks the site to commit a snapshot; after a lost connection with the same bytes again.
     *
     * @param stub signed envelope of the manifest stub
     * @param body the sealed body
     */
    public CommitResult commit(ByteString stub, ByteString body) throws FaultException, InterruptedException {
        Hash manifest = ManifestStubs.hash(stub);
        Commit request = Commit.newBuilder().setStub(stub).setBody(body).build();
        MessageFrame answer = await(control.askCommit(link -> link.commit(request)));
        return switch (answer.type()) {
            case COMMITTED ->
                new CommitResult.Committed(
                        receipts.acceptCommit(answer.as(Committed.class).getReceipt(), manifest));
            case MISSING ->
                new CommitResult.Missing(
                        PackStatuses.packIds(answer.as(MissingPacks.class).getPacks()));
            case CONFLICT -> {
                CommitConflict conflict = answer.as(CommitConflict.class);
                yield new CommitResult.Conflict(hash(conflict.getHead()), conflict.getSequence());
            }
            default -> throw new IllegalStateException("a commit is not answered by " + answer.type());
        };
    }

    /** What the site holds of these packs, for reconciliation; every id that is asked is in the answer. */
    public Map<PackId, PackPresence> status(Collection<PackId> packs) throws FaultException, InterruptedException {
        Map<PackId, PackPresence> known = new HashMap<>();
        for (List<PackId> batch : PackStatuses.batches(packs)) {
            PackStates states = await(control.ask(link -> link.status(PackStatuses.request(batch))));
            for (PackState state : states.getPacksList()) {
                known.put(PackStatuses.packId(state.getPack()), PackPresence.ofWireId(state.getState()));
            }
        }
        if (!known.keySet().equals(Set.copyOf(packs))) {
            throw new FaultException(Fault.PROTOCOL, "the site told the state of other packs than it was asked for");
        }
        return known;
    }

    /** The session now. */
    public UploadProgress progress() {
        return Progress.of(control, transmitter, window);
    }

    /** Ends the session: connections close, what has been acknowledged is noted, every wait ends. */
    @Override
    public void close() {
        control.close().join();
        acknowledger.close();
    }

    private void failed(FaultException fault) {
        control.fail(fault);
    }

    /** Whoever waits for an image or an acknowledgement is told first: the control itself may be what is broken. */
    private void broken(FaultException fault) {
        transmitter.fail(fault);
        control.fail(fault);
    }

    private static SiteHead head(Opened opened) throws FaultException {
        return new SiteHead(hash(opened.getHead()), opened.getSequence());
    }

    private static Hash hash(ByteString bytes) throws FaultException {
        if (bytes.size() != Hash.BYTES) {
            throw new FaultException(Fault.PROTOCOL, "the site sent a hash of " + bytes.size() + " bytes");
        }
        return Hash.of(bytes.toByteArray());
    }

    private static <T> T await(CompletableFuture<T> answer) throws FaultException, InterruptedException {
        try {
            return answer.get();
        } catch (ExecutionException e) {
            throw Faults.again(Faults.of(e));
        }
    }
}
