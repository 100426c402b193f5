package sago.sender.upload;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import sago.common.fault.Advice;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.id.DatasetId;
import sago.common.id.Hash;
import sago.common.id.PackId;
import sago.common.limits.Limits;
import sago.common.pack.PackGeometry;
import sago.common.proto.Audit;
import sago.common.proto.Audited;
import sago.common.proto.FetchKeyring;
import sago.common.proto.FetchManifest;
import sago.common.proto.FetchSession;
import sago.common.proto.KeyringFound;
import sago.common.proto.ListManifests;
import sago.common.proto.ManifestFound;
import sago.common.proto.Manifests;
import sago.common.proto.SessionFound;
import sago.common.protocol.FrameType;
import sago.common.protocol.MessageFrame;
import sago.common.trust.SessionHeaders;
import sago.common.trust.SiteIdentity;
import sago.sender.pack.PackFetcher;

/**
 * Reads from one site in role restore or audit: packs, manifests, session headers, keyrings, and what an audit found. A lost connection
 * is made again; a request is tried a bounded number of times. Nothing that comes back is believed: readers check signatures, tags
 * and roots, this class lengths and order.
 *
 * <p>Thread-safe: many threads may read at once.
 */
public final class RestoreClient implements PackFetcher, AutoCloseable {
    private static final long ANSWER_TIMEOUT_NS = TimeUnit.MINUTES.toNanos(2);

    /** A site hashes some packs before it answers an audit. */
    private static final long AUDIT_TIMEOUT_NS = TimeUnit.MINUTES.toNanos(10);

    private static final int HEADS_PER_PAGE = 4096;

    private final SiteClient client;
    private final ReadPlan plan;
    private final List<Slot> slots = new ArrayList<>();
    private final AtomicInteger turn = new AtomicInteger();
    private volatile boolean closed;
    private volatile @Nullable SiteIdentity identity;

    private RestoreClient(SiteClient client, ReadPlan plan) {
        this.client = client;
        this.plan = plan;
        for (int i = 0; i < plan.connections(); i++) {
            slots.add(new Slot());
        }
    }

    /** Makes the first connection, once: a site that cannot be reached now is SITE_UNREACHABLE. */
    public static RestoreClient open(SiteClient client, ReadPlan plan) throws FaultException, InterruptedException {
        RestoreClient restore = new RestoreClient(client, plan);
        restore.slots.get(0).link();
        return restore;
    }

    /** The identity that the site showed, which fits its pin. */
    public SiteIdentity site() {
        SiteIdentity shown = identity;
        if (shown == null) {
            throw new IllegalStateException("not connected yet");
        }
        return shown;
    }

    @Override
    public void fetch(PackId pack, int offset, ByteBuffer into) throws FaultException, InterruptedException {
        List<Piece> left = Piece.split(pack, offset, into);
        Attempts attempts = new Attempts();
        while (!left.isEmpty()) {
            List<Piece> missing = new ArrayList<>();
            FaultException fault = round(left, missing);
            if (fault != null) {
                attempts.failed(fault);
            }
            left = missing;
        }
        into.position(into.limit());
    }

    /** Newest snapshots of a dataset, of every dataset if null, ascending by dataset and sequence. */
    public List<SnapshotHead> manifests(@Nullable DatasetId dataset, long fromSequence)
            throws FaultException, InterruptedException {
        SnapshotHeads heads = new SnapshotHeads(client.label(), dataset, fromSequence);
        while (heads.more()) {
            ListManifests request = heads.next(HEADS_PER_PAGE);
            heads.add(ask(request, FrameType.MANIFESTS, ANSWER_TIMEOUT_NS).as(Manifests.class));
        }
        return heads.list();
    }

    /** Stub, body and receipt of a snapshot as the site stores them; NOT_FOUND if it has none. */
    public StoredManifest manifest(DatasetId dataset, long sequence) throws FaultException, InterruptedException {
        FetchManifest request = FetchManifest.newBuilder()
                .setDataset(ByteString.copyFrom(dataset.toBytes()))
                .setSequence(sequence)
                .build();
        ManifestFound found =
                ask(request, FrameType.MANIFEST_FOUND, ANSWER_TIMEOUT_NS).as(ManifestFound.class);
        return new StoredManifest(found.getStub(), found.getBody(), found.getReceipt());
    }

    /**
     * The newest header of the session whose first header has this hash: that one, or one that says it replaces it. The latter proves
     * itself only by what it opens, because nobody signed it. NOT_FOUND if the site has none.
     */
    public ByteString session(Hash firstHeaderSha256) throws FaultException, InterruptedException {
        FetchSession request = FetchSession.newBuilder()
                .setHeaderSha256(ByteString.copyFrom(firstHeaderSha256.toBytes()))
                .build();
        ByteString header = ask(request, FrameType.SESSION_FOUND, ANSWER_TIMEOUT_NS)
                .as(SessionFound.class)
                .getSessionHeader();
        if (!SessionHeaders.belongsTo(header, firstHeaderSha256)) {
            throw new FaultException(
                    Fault.INTEGRITY, client.label() + " gave another session header than was asked for");
        }
        return header;
    }

    /**
     * Has the site hash committed packs again, in order of their ids.
     *
     * @param after the last pack of the page before, or null
     * @param max packs of this page at most
     */
    public AuditPage audit(DatasetId dataset, @Nullable PackId after, int max)
            throws FaultException, InterruptedException {
        Audit request = Audit.newBuilder()
                .setDataset(ByteString.copyFrom(dataset.toBytes()))
                .setAfterPack(after == null ? ByteString.EMPTY : ByteString.copyFrom(after.toBytes()))
                .setMax(max)
                .build();
        Audited answer = ask(request, FrameType.AUDITED, AUDIT_TIMEOUT_NS).as(Audited.class);
        return AuditPage.of(client.label(), answer, after, max);
    }

    /** The envelope of a keyring, the newest for 0; NOT_FOUND if the site has none. */
    public ByteString keyring(long counter) throws FaultException, InterruptedException {
        FetchKeyring request = FetchKeyring.newBuilder().setCounter(counter).build();
        return ask(request, FrameType.KEYRING_FOUND, ANSWER_TIMEOUT_NS)
                .as(KeyringFound.class)
                .getKeyring();
    }

    @Override
    public void close() {
        closed = true;
        slots.forEach(Slot::close);
    }

    /** Reads all pieces at once over all connections; those that failed are added to {@code missing}, and one fault answered. */
    private @Nullable FaultException round(List<Piece> pieces, List<Piece> missing) throws InterruptedException {
        List<ReadLink.PendingRead> reads = new ArrayList<>();
        FaultException fault = null;
        try {
            for (Piece piece : pieces) {
                ReadLink.PendingRead read = piece.read();
                reads.add(read);
                try {
                    slots.get(Math.floorMod(turn.getAndIncrement(), slots.size()))
                            .link()
                            .read(read);
                } catch (FaultException e) {
                    read.done.completeExceptionally(e);
                }
            }
            for (int i = 0; i < reads.size(); i++) {
                FaultException failed = outcome(reads.get(i).done);
                if (failed != null) {
                    missing.add(pieces.get(i));
                    fault = worse(fault, failed);
                }
            }
            return fault;
        } finally {
            reads.forEach(ReadLink.PendingRead::forget);
        }
    }

    private static @Nullable FaultException outcome(CompletableFuture<?> done) throws InterruptedException {
        try {
            done.get();
            return null;
        } catch (ExecutionException e) {
            return Faults.of(e);
        }
    }

    /** Of two faults the one that trying again does not cure. */
    private static FaultException worse(@Nullable FaultException one, FaultException other) {
        return one != null && one.fault().advice() == Advice.STOP ? one : other;
    }

    private MessageFrame ask(MessageLite request, FrameType answer, long timeoutNs)
            throws FaultException, InterruptedException {
        Attempts attempts = new Attempts();
        while (true) {
            try {
                return await(slots.get(0).link().connection().request(request, EnumSet.of(answer), timeoutNs));
            } catch (FaultException e) {
                attempts.failed(e);
            }
        }
    }

    private static <T> T await(CompletableFuture<T> answer) throws FaultException, InterruptedException {
        try {
            return answer.get();
        } catch (ExecutionException e) {
            throw Faults.again(Faults.of(e));
        }
    }

    /** Counts the attempts of one request and waits between them. */
    private final class Attempts {
        private final Backoff backoff = new Backoff(plan.random());
        private int failed;

        /** Throws the fault if another attempt would change nothing or there were enough. */
        void failed(FaultException fault) throws FaultException, InterruptedException {
            failed++;
            if (closed || fault.fault().advice() == Advice.STOP || failed >= plan.attempts()) {
                throw fault;
            }
            TimeUnit.NANOSECONDS.sleep(backoff.nextNs());
        }
    }

    /** Room for one connection, made when it is needed. */
    private final class Slot {
        private volatile @Nullable ReadLink link;

        synchronized ReadLink link() throws FaultException, InterruptedException {
            ReadLink now = link;
            if (now != null && now.alive()) {
                return now;
            }
            CompletableFuture<ReadLink> made = client.connect(ready -> {
                        identity = ready.identity();
                        return CompletableFuture.completedFuture(new ReadLink(ready.connection()));
                    })
                    .toCompletableFuture();
            ReadLink fresh;
            try {
                fresh = await(made);
            } catch (InterruptedException e) {
                CompletableFuture<Void> unused = made.thenAccept(ReadLink::close);
                throw e;
            }
            link = fresh;
            if (closed) {
                fresh.close();
                throw new FaultException(Fault.INTERRUPTED, "the restore client is closed");
            }
            return fresh;
        }

        void close() {
            ReadLink now = link;
            if (now != null) {
                now.close();
            }
        }
    }

    /** What one READ brings. */
    private record Piece(PackId pack, int offset, ByteBuffer into) {
        /** Pieces end where segments do: at the end of the header, and at multiples of the largest READ behind it. */
        static List<Piece> split(PackId pack, int offset, ByteBuffer into) {
            List<Piece> pieces = new ArrayList<>();
            int start = into.position();
            for (int done = 0; done < into.remaining(); ) {
                int at = offset + done;
                int max = at < PackGeometry.HEADER_BYTES
                        ? PackGeometry.HEADER_BYTES - at
                        : Limits.READ_BYTES_MAX - (at - PackGeometry.HEADER_BYTES) % Limits.READ_BYTES_MAX;
                int length = Math.min(max, into.remaining() - done);
                pieces.add(new Piece(pack, at, into.slice(start + done, length)));
                done += length;
            }
            return pieces;
        }

        ReadLink.PendingRead read() {
            return new ReadLink.PendingRead(pack, offset, into.duplicate());
        }
    }
}
