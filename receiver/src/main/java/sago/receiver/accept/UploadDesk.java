package sago.receiver.accept;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import java.io.IOException;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.id.Hash;
import sago.common.id.PackId;
import sago.common.id.SessionId;
import sago.common.limits.Limits;
import sago.common.pack.PackEntry;
import sago.common.pack.PackGeometry;
import sago.common.proto.Attach;
import sago.common.proto.Attached;
import sago.common.proto.Commit;
import sago.common.proto.CommitConflict;
import sago.common.proto.Committed;
import sago.common.proto.Credit;
import sago.common.proto.MissingPacks;
import sago.common.proto.Open;
import sago.common.proto.Opened;
import sago.common.proto.PackEnd;
import sago.common.proto.PackState;
import sago.common.proto.PackStates;
import sago.common.proto.PackStatus;
import sago.common.protocol.SliceFrame;
import sago.common.trust.DatasetTerms;
import sago.common.trust.ManifestStubs;
import sago.common.trust.SessionOpens;
import sago.common.trust.SessionTerms;
import sago.common.trust.VerifiedStub;
import sago.receiver.serve.RequestFaults;
import sago.receiver.store.CommitOutcome;
import sago.receiver.store.DatasetHead;
import sago.receiver.store.DurableAck;
import sago.receiver.store.OpenedSession;
import sago.receiver.store.PackHolding;

/**
 * The sender's side of a connection: OPEN or ATTACH, then slices, ends of packs, states and commits. Frames come on the event loop; all work is done on store
 * threads.
 */
final class UploadDesk {
    private final SiteServices site;
    private final Connection connection;
    private final Jobs jobs;
    private final Admission admission;
    private final ByteString nonce;
    private final CreditPool.Line credit;
    private volatile @Nullable LiveSession session;
    private boolean closed;

    UploadDesk(SiteServices site, Connection connection, Jobs jobs, Admission admission, ByteString nonce) {
        this.site = site;
        this.connection = connection;
        this.jobs = jobs;
        this.admission = admission;
        this.nonce = nonce;
        this.credit = site.credit()
                .join(total ->
                        connection.send(Credit.newBuilder().setTotal(total).build()));
    }

    void open(Open open) throws FaultException {
        jobs.inOrder(() -> {
            requireNoSession();
            SessionTerms terms = SessionOpens.verifyAtSite(
                    open.getOpen(),
                    admission.requireDataset(),
                    site.profile().identity().site(),
                    nonce,
                    open.getSessionHeader());
            LiveSession live = site.sessions().open(terms, admission.spki(), connection);
            boolean opened = false;
            try {
                // In this order: who may not open gives nothing up, and what is given up makes room for the session.
                site.store().requireNewestGrant(admission.requireDataset());
                long discarded = site.abandonOthers(terms);
                site.store()
                        .openSession(
                                terms,
                                admission.requireDataset().keyEpoch(),
                                open.getSessionHeader(),
                                admission.grant());
                DatasetHead head = site.store().head(terms.dataset());
                opened = stream(
                        live,
                        Opened.newBuilder()
                                .setHead(bytes(head.manifest()))
                                .setSequence(head.sequence())
                                .setAttachToken(live.attachToken())
                                .setKeepUntil(site.store().keepUntil())
                                .setDiscardedBytes(discarded)
                                .build());
            } finally {
                if (!opened) {
                    site.sessions().leave(live, connection);
                }
            }
        });
    }

    void attach(Attach attach) throws FaultException {
        if (attach.getSession().size() != SessionId.BYTES) {
            throw new FaultException(Fault.PROTOCOL, "ATTACH without a session id");
        }
        SessionId id = SessionId.of(attach.getSession().toByteArray());
        jobs.inOrder(() -> {
            requireNoSession();
            LiveSession live = site.sessions()
                    .attach(
                            admission.requireDataset().dataset(),
                            id,
                            admission.spki(),
                            attach.getAttachToken(),
                            connection);
            if (!stream(live, Attached.getDefaultInstance())) {
                site.sessions().leave(live, connection);
            }
        });
    }

    /** The connection carries the session from now on; false if it was closed meanwhile. */
    private boolean stream(LiveSession live, MessageLite answer) {
        synchronized (this) {
            if (closed) {
                return false;
            }
            session = live;
        }
        connection.streaming();
        connection.send(answer);
        if (site.space().isFull()) {
            connection.send(site.space().state());
        }
        credit.start();
        return true;
    }

    /** A slice. Takes ownership of its bytes. Event loop only. */
    void slice(SliceFrame frame) throws FaultException {
        boolean taken = false;
        try {
            OpenedSession opened = requireSession().opened();
            checkSlice(frame, opened.geometry());
            if (!credit.receive(frame.bodyBytes())) {
                throw new FaultException(Fault.PROTOCOL, "SLICE beyond the credit that was granted");
            }
            site.meters().received(frame.bytes().readableBytes());
            taken = true;
            store(frame, opened, frame.bodyBytes());
        } finally {
            if (!taken) {
                frame.release();
            }
        }
    }

    private static void checkSlice(SliceFrame frame, PackGeometry geometry) throws FaultException {
        int length = frame.bytes().readableBytes();
        boolean whole = length == geometry.segmentBytes() && frame.slice() < geometry.segments(geometry.packBytes());
        boolean small = length < geometry.segmentBytes() && frame.slice() == 0 && geometry.allowsLength(length);
        if (!whole && !small) {
            throw new FaultException(
                    Fault.PROTOCOL,
                    "slice " + frame.slice() + " of " + length + " bytes is not of the session's packs");
        }
    }

    private void store(SliceFrame frame, OpenedSession opened, int bodyBytes) {
        jobs.anyTime(
                () -> {
                    boolean parked = false;
                    try {
                        site.store()
                                .receive(opened, frame.pack())
                                .writeSlice(frame.slice(), frame.bytes().nioBuffer());
                    } catch (IOException e) {
                        parked = isFull(e);
                        if (!parked) {
                            throw e;
                        }
                        site.space().park(() -> store(frame, opened, bodyBytes));
                    } finally {
                        if (!parked) {
                            settle(frame, bodyBytes);
                        }
                    }
                },
                () -> settle(frame, bodyBytes));
    }

    private void settle(SliceFrame frame, int bodyBytes) {
        frame.release();
        credit.settle(bodyBytes);
    }

    void packEnd(PackEnd end) throws FaultException {
        LiveSession live = requireSession();
        if (end.getPack().size() != PackId.BYTES
                || end.getRoot().size() != Hash.BYTES
                || !live.opened().geometry().allowsLength(end.getLength())) {
            throw new FaultException(
                    Fault.PROTOCOL,
                    "PACK_END with a pack of " + end.getLength() + " bytes is not of the session's packs");
        }
        complete(
                live,
                new PackEntry(
                        PackId.of(end.getPack().toByteArray()),
                        end.getLength(),
                        Hash.of(end.getRoot().toByteArray())));
    }

    private void complete(LiveSession live, PackEntry pack) {
        jobs.anyTime(
                () -> site.store()
                        .receive(live.opened(), pack.id())
                        .end((int) pack.length(), pack.root())
                        .whenComplete((ack, failure) -> durable(live, pack, ack, failure)),
                () -> {});
    }

    /** On the journal's thread, or a store thread: must be short. */
    private void durable(LiveSession live, PackEntry pack, @Nullable DurableAck ack, @Nullable Throwable failure) {
        if (ack != null) {
            site.meters().durable(pack.length());
            if (live.acknowledge(ack)) {
                flushSoon(live);
            }
        } else if (failure != null && isFull(failure)) {
            site.space().park(() -> complete(live, pack));
        } else if (failure != null) {
            connection.fail(RequestFaults.of(failure));
        }
    }

    /** Not at once: what else this group commit made durable comes in the same moment and leaves in the same frame. */
    private void flushSoon(LiveSession live) {
        try {
            site.storeThreads().execute(live::flush);
        } catch (RejectedExecutionException stopping) {
            live.flush();
        }
    }

    void status(PackStatus status) throws FaultException {
        OpenedSession opened = requireSession().opened();
        if (status.getPacksCount() > Limits.IDS_PER_MESSAGE_MAX
                || status.getPacksList().stream().anyMatch(id -> id.size() != PackId.BYTES)) {
            throw new FaultException(Fault.PROTOCOL, "PACK_STATUS with too many packs or ids that are none");
        }
        jobs.inOrder(() -> {
            PackStates.Builder states = PackStates.newBuilder();
            for (ByteString id : status.getPacksList()) {
                PackHolding holding = site.store().holding(opened, PackId.of(id.toByteArray()));
                states.addPacks(PackState.newBuilder()
                        .setPack(id)
                        .setState(holding.presence().wireId())
                        .setSlices(holding.slices()));
            }
            connection.send(states.build());
        });
    }

    void commit(Commit commit) throws FaultException {
        requireSession();
        jobs.inOrder(() -> {
            DatasetTerms dataset = admission.requireDataset();
            site.store().requireNewestGrant(dataset);
            VerifiedStub stub =
                    ManifestStubs.verify(commit.getStub(), dataset.sender(), dataset.vault(), dataset.dataset());
            connection.send(answer(site.store().commit(stub, commit.getStub(), commit.getBody())));
        });
    }

    private MessageLite answer(CommitOutcome outcome) throws IOException {
        // Java 17 has no pattern switch; the interface is sealed.
        if (outcome instanceof CommitOutcome.Done done) {
            site.meters().committed();
            return Committed.newBuilder()
                    .setReceipt(site.receipts().sign(done.commit()))
                    .build();
        }
        if (outcome instanceof CommitOutcome.Missing missing) {
            ByteString.Output ids = ByteString.newOutput(missing.packs().size() * PackId.BYTES);
            for (PackId id : missing.packs()) {
                ids.write(id.toBytes());
            }
            return MissingPacks.newBuilder().setPacks(ids.toByteString()).build();
        }
        DatasetHead head = ((CommitOutcome.Conflict) outcome).head();
        return CommitConflict.newBuilder()
                .setHead(bytes(head.manifest()))
                .setSequence(head.sequence())
                .build();
    }

    /** The connection is over. */
    void close() {
        LiveSession live;
        synchronized (this) {
            closed = true;
            live = session;
        }
        credit.close();
        if (live != null) {
            site.sessions().leave(live, connection);
        }
    }

    LiveSession requireSession() throws FaultException {
        LiveSession live = session;
        if (live == null) {
            throw new FaultException(Fault.PROTOCOL, "the connection carries no session yet: OPEN or ATTACH first");
        }
        return live;
    }

    private void requireNoSession() throws FaultException {
        if (session != null) {
            throw new FaultException(Fault.PROTOCOL, "the connection carries a session already");
        }
    }

    private static boolean isFull(Throwable thrown) {
        return RequestFaults.of(thrown).fault() == Fault.SITE_FULL;
    }

    private static ByteString bytes(Hash hash) {
        return ByteString.copyFrom(hash.toBytes());
    }
}
