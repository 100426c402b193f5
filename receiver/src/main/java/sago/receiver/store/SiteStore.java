package sago.receiver.store;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import sago.common.durable.DurableFiles;
import sago.common.durable.FileAccess;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.id.DatasetId;
import sago.common.id.Hash;
import sago.common.id.PackId;
import sago.common.id.SessionId;
import sago.common.limits.Limits;
import sago.common.merkle.MerkleHasher;
import sago.common.time.Clock;
import sago.common.trust.DatasetTerms;
import sago.common.trust.GrantedExpiry;
import sago.common.trust.OrderTerms;
import sago.common.trust.SessionTerms;
import sago.common.trust.VerifiedStub;
import sago.receiver.journal.Journal;
import sago.receiver.journal.JournalSettings;
import sago.receiver.journal.RecordType;
import sago.receiver.proto.ManifestFile;
import sago.receiver.proto.SiteGrantRecord;

/**
 * Everything that a site holds. What it says is durable survives a power loss; what it cannot keep it refuses. After a failed force it refuses
 * everything ({@link #failure}). Thread-safe; calls wait for disks, and belong on store threads, never on an event loop.
 */
public final class SiteStore implements AutoCloseable {
    private final StateDb db;
    private final StoreContext context;
    private final IncomingPacks incoming;
    private final ManifestFiles manifests;
    private final Commits commits;
    private final Keyrings keyrings;
    private final PackAudit audit;
    private final Sessions sessions;
    private final Orders orders;
    private final Sweeps sweeps;

    /** What lies in files of its own. */
    private record Shelves(ManifestFiles manifests, Keyrings keyrings, HeaderFiles headers) {}

    private SiteStore(StateDb db, StoreContext context, Shelves shelves) throws IOException {
        this.db = db;
        this.context = context;
        this.manifests = shelves.manifests();
        this.keyrings = shelves.keyrings();
        this.sessions = new Sessions(context, shelves.headers());
        this.incoming = new IncomingPacks(context);
        this.commits = new Commits(context, manifests);
        Expiry expiry = new Expiry(context, manifests, commits);
        expiry.complete();
        this.orders = new Orders(context, shelves.headers(), sessions, expiry);
        this.sweeps = new Sweeps(context, commits, sessions);
        this.audit = new PackAudit(context);
    }

    /**
     * Opens or creates the store of a site folder, whose lock the caller holds: recovers the journal, brings the database up to it, and
     * removes what was not complete.
     *
     * @throws FaultException INTEGRITY where something that was promised is damaged or gone; nothing was changed then
     */
    public static SiteStore open(StoreSettings settings, Clock clock, StoreListener listener) throws IOException {
        DurableFiles files = new DurableFiles(settings.disk());
        Path folder = settings.folder();
        for (String name : List.of("journal", "manifests", "keyrings", "headers")) {
            files.createFolders(folder.resolve(name), FileAccess.PRIVATE);
        }
        files.deleteDrafts(folder.resolve("keyrings"));
        ManifestFiles manifests = new ManifestFiles(files, folder.resolve("manifests"));
        manifests.clean();
        PackFiles packs = new PackFiles(files, folder.resolve("packs"));
        packs.createFolders();
        StoreHealth health = new StoreHealth();
        StateDb db = StateDb.open(settings.stateFile(), manifests);
        Journal journal = null;
        try {
            StoreFollower follower = new StoreFollower(db, health, listener);
            journal = Journal.open(
                    new JournalSettings(settings.disk(), folder.resolve("journal"), settings.journalSegmentBytes()),
                    db.applied(),
                    follower);
            packs.reconcile(db);
            HeaderFiles headers = new HeaderFiles(files, folder.resolve("headers"), health);
            headers.reconcile(db.reader());
            follower.becomeLive();
            SpaceGauge space = new SpaceGauge(settings.disk(), folder, settings.reserve());
            StoreContext context = new StoreContext(
                    db.reader(),
                    journal,
                    packs,
                    space,
                    health,
                    ThreadLocal.withInitial(MerkleHasher::new),
                    clock,
                    settings.graceMs());
            Keyrings keyrings = new Keyrings(context, files, folder.resolve("keyrings"));
            return new SiteStore(db, context, new Shelves(manifests, keyrings, headers));
        } catch (IOException | RuntimeException e) {
            if (journal != null) {
                journal.close();
            }
            db.close();
            throw e;
        }
    }

    /**
     * Makes a session durable, which was verified; waits. The same session again is no fault. PEER_REFUSED under a grant that is not the
     * newest.
     *
     * @param keyEpoch of the header
     * @param header exact SessionHeader bytes, whose hash the terms name
     * @param grant SignedEnvelope of the dataset grant
     */
    public OpenedSession openSession(SessionTerms terms, int keyEpoch, ByteString header, ByteString grant)
            throws FaultException {
        return call("open session " + terms.session(), () -> sessions.open(terms, keyEpoch, header, grant));
    }

    /**
     * Notes that a verified dataset grant was shown; waits. From now on none with a lower sequence is taken.
     *
     * @throws FaultException PEER_REFUSED where a higher one was shown before
     */
    public void showGrant(DatasetTerms terms, ByteString grant) throws FaultException {
        call("note the grant of dataset " + terms.dataset(), () -> {
            sessions.show(terms.dataset(), terms.sequence(), grant);
            return terms;
        });
    }

    /** PEER_REFUSED unless this is the highest dataset grant that was ever shown. */
    public void requireNewestGrant(DatasetTerms terms) throws FaultException {
        call("look grants up", () -> {
            sessions.requireNewest(terms.dataset(), terms.sequence());
            return terms;
        });
    }

    /** Carries out a verified order; waits until it is durable. The last order again is answered again. */
    public FollowedOrder follow(OrderTerms terms, Hash hash) throws FaultException {
        return call("carry out order " + terms.sequence(), () -> orders.follow(terms, hash));
    }

    /**
     * Carries out a verified expire order; waits until it is durable. The last order again is answered again.
     *
     * @throws FaultException PEER_REFUSED where the grant, the age of a snapshot or their number does not allow it; nothing has changed then
     */
    public FollowedOrder expire(GrantedExpiry expiry, Hash hash) throws FaultException {
        return call("carry out order " + expiry.order().sequence(), () -> orders.expire(expiry, hash));
    }

    /**
     * Lets go of packs that no snapshot names, for the grace and past what was promised, some of them; waits.
     *
     * @param live sessions whose packs stay
     */
    public SweepOutcome sweep(Supplier<? extends Collection<SessionId>> live) throws FaultException {
        return call("sweep packs", () -> sweeps.sweep(live));
    }

    /** Until when a pack that is stored now is kept though no manifest names it, in seconds since the epoch. */
    public long keepUntil() {
        return context.keepUntil(context.clock().wallMs());
    }

    /** Sessions of a dataset whose newest header is of an epoch below this one, by the hash of the first, behind one. */
    public List<StoredSession> sessionsBelow(DatasetId dataset, int keyEpoch, Optional<Hash> after, int max)
            throws FaultException {
        int count = Math.min(max, Limits.SESSION_HEADS_MAX + 1);
        return call("list sessions", () -> sessions.below(dataset, keyEpoch, after, count));
    }

    /** The session whose first header has this hash. */
    public Optional<StoredSession> sessionOfHeader(Hash first) throws FaultException {
        return call("look a session up", () -> context.state().sessionOfHeader(first))
                .map(Sessions::stored);
    }

    /** A session that was opened here at any time. */
    public Optional<OpenedSession> session(SessionId session) throws FaultException {
        return call("look session up", () -> context.state().session(session).map(SessionRow::opened));
    }

    /** The pack as far as it is here: to write slices to, and to end. */
    public IncomingPack receive(OpenedSession session, PackId pack) throws FaultException {
        context.health().check();
        return incoming.receive(session, pack);
    }

    /**
     * What is here of a pack, as a sender may know it: of its session every slice, of earlier sessions of its dataset what is durable, so that a
     * sender that was cut off need not send that again. Packs of other datasets are unknown to it.
     */
    public PackHolding holding(OpenedSession session, PackId pack) throws FaultException {
        Optional<IncomingPack> open = incoming.find(pack);
        if (open.isPresent()) {
            return open.get().session().session().equals(session.session())
                    ? open.get().holding()
                    : PackHolding.UNKNOWN;
        }
        return call(
                "look pack up",
                () -> context.state()
                        .pack(pack)
                        .filter(row -> row.dataset().equals(session.dataset()) && !row.lost())
                        .map(row -> PackHolding.durable(row.sequence()))
                        .orElse(PackHolding.UNKNOWN));
    }

    /** The session is over: what it did not complete is removed. What is durable stays. Returns the bytes of slices that it held. */
    public long abandon(SessionId session) {
        return incoming.abandon(session);
    }

    /** Commits a verified manifest; waits until it is durable. */
    public CommitOutcome commit(VerifiedStub stub, ByteString envelope, ByteString body) throws FaultException {
        return commits.commit(stub, envelope, body);
    }

    public DatasetHead head(DatasetId dataset) throws FaultException {
        return call("look the head up", () -> commits.head(dataset));
    }

    /** Commits of a dataset by sequence, from one on. */
    public List<CommittedManifest> manifests(DatasetId dataset, long fromSequence, int max) throws FaultException {
        int count = Math.min(max, Limits.MANIFEST_HEADS_MAX + 1);
        return commits(() -> context.state().manifests(dataset, fromSequence, count));
    }

    /** Commits of every dataset by dataset and sequence, from this one on. */
    public List<CommittedManifest> manifestsFrom(DatasetId dataset, long fromSequence, int max) throws FaultException {
        int count = Math.min(max, Limits.MANIFEST_HEADS_MAX + 1);
        return commits(() -> context.state().manifestsFrom(dataset, fromSequence, count));
    }

    private static List<CommittedManifest> commits(Call<List<ManifestRow>> query) throws FaultException {
        return call("list manifests", query).stream().map(ManifestRow::commit).toList();
    }

    /** A manifest as it was committed, an expired one without its body; NOT_FOUND, or INTEGRITY where its file is damaged. */
    public StoredManifest manifest(DatasetId dataset, long sequence) throws FaultException {
        return call("read manifest " + sequence, () -> {
            ManifestRow row = manifestRow(dataset, sequence);
            if (!row.commit().expired()) {
                try {
                    ManifestFile file = manifests.read(dataset, sequence, row.fileSha256());
                    return new StoredManifest(row.commit(), file.getStub(), file.getBody());
                } catch (FaultException e) {
                    row = manifestRow(dataset, sequence);
                    if (!row.commit().expired()) {
                        throw e;
                    }
                }
            }
            return new StoredManifest(
                    row.commit(), manifests.readStub(row.commit(), row.fileSha256()), ByteString.EMPTY);
        });
    }

    private ManifestRow manifestRow(DatasetId dataset, long sequence) throws IOException {
        return context.state()
                .manifest(dataset, sequence)
                .orElseThrow(() -> new FaultException(
                        Fault.NOT_FOUND, "no manifest " + sequence + " of dataset " + dataset + " is here"));
    }

    /**
     * The newest header of the session whose first header has this hash: exact SessionHeader bytes. Empty where no such session is here,
     * INTEGRITY where its file is damaged or gone.
     */
    public Optional<ByteString> sessionHeader(Hash first) throws FaultException {
        return call("read a session header", () -> sessions.header(first));
    }

    /** The dataset of a durable pack; empty where the pack is not here. */
    public Optional<DatasetId> datasetOf(PackId pack) throws FaultException {
        return call("look pack up", () -> context.state().pack(pack)).map(PackRow::dataset);
    }

    /**
     * Fills the buffer from a durable pack; borrows it. NOT_FOUND where the pack is not here, PROTOCOL outside of it, INTEGRITY where its file
     * is gone or short.
     */
    public void readPack(PackId pack, long offset, ByteBuffer into) throws FaultException {
        call("read pack " + pack, () -> {
            PackRow row = packRow(pack);
            if (offset < 0 || offset + into.remaining() > row.entry().length()) {
                throw StoreFaults.protocol(
                        "pack " + pack + " has no bytes " + offset + " to " + (offset + into.remaining()));
            }
            try {
                context.files().read(pack, offset, into);
            } catch (FaultException e) {
                packRow(pack); // NOT_FOUND where it was swept meanwhile
                throw e;
            }
            return row;
        });
    }

    private PackRow packRow(PackId pack) throws IOException {
        return context.state()
                .pack(pack)
                .orElseThrow(() -> new FaultException(Fault.NOT_FOUND, "pack " + pack + " is not here"));
    }

    /** Hashes the next committed packs of a dataset again, at most {@code max} and {@link Limits#AUDIT_PACKS_MAX}. */
    public AuditPage audit(DatasetId dataset, Optional<PackId> after, int max) throws FaultException {
        return call("audit", () -> audit.audit(dataset, after, max));
    }

    /** Stores a verified keyring; waits. PEER_REFUSED where the site has a newer one, or another one of this counter. */
    public void storeKeyring(long counter, ByteString envelope) throws FaultException {
        context.health().check();
        call("store keyring " + counter, () -> {
            keyrings.store(counter, envelope);
            return counter;
        });
    }

    /** Counter of the newest keyring, 0 if there is none. */
    public long keyringCounter() throws FaultException {
        return call("look keyrings up", () -> context.state().keyringCounter());
    }

    /** SignedEnvelope bytes of a keyring; 0 means the newest. */
    public Optional<ByteString> keyring(long counter) throws FaultException {
        return call(
                "read keyring " + counter,
                () -> keyrings.read(counter == 0 ? context.state().keyringCounter() : counter));
    }

    /** Stores a verified site grant; waits. It replaces the one before. */
    public void storeSiteGrant(ByteString envelope) throws FaultException {
        context.health().check();
        SiteGrantRecord record = SiteGrantRecord.newBuilder().setGrant(envelope).build();
        call(
                "store the site grant",
                () -> Commits.await(context.journal().append(RecordType.SITE_GRANT, record.toByteString())));
    }

    /** SignedEnvelope bytes of the site grant; empty before the first. */
    public Optional<ByteString> siteGrant() throws FaultException {
        return call("read the site grant", () -> context.state().siteGrant());
    }

    /** The highest sequence of a dataset grant that was shown here, 0 if none was. */
    public long grantSequence(DatasetId dataset) throws FaultException {
        return call("look grants up", () -> context.state().grantSequence(dataset));
    }

    /** Whether there is room. */
    public SpaceGauge space() {
        return context.space();
    }

    /** Completes when a force has failed: the process must stop serving and end. */
    public CompletionStage<FaultException> failure() {
        return context.health().failure();
    }

    /** Ends the journal's thread; call it when nothing uses the store any more. What was not complete is removed. */
    @Override
    public void close() throws IOException {
        incoming.abandonAll();
        context.journal().close();
        db.close();
    }

    /** Work on the disk. */
    private interface Call<T> {
        T run() throws IOException;
    }

    private static <T> T call(String doing, Call<T> call) throws FaultException {
        try {
            return call.run();
        } catch (IOException e) {
            throw StoreFaults.of(e, doing);
        }
    }
}
