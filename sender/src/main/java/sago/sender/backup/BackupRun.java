package sago.sender.backup;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.id.DatasetId;
import sago.common.id.SessionId;
import sago.common.id.SiteId;
import sago.common.limits.Limits;
import sago.common.trust.DatasetTerms;
import sago.sender.catalog.Catalog;
import sago.sender.catalog.PackOrigin;
import sago.sender.catalog.Snapshot;
import sago.sender.checkpoint.CheckpointJournal;
import sago.sender.chunk.Chunker;
import sago.sender.chunk.GearTable;
import sago.sender.pack.OpenPacks;
import sago.sender.pack.PackSession;
import sago.sender.pack.PackTransport;
import sago.sender.pack.SnapshotBodies;
import sago.sender.proto.SnapshotBody;
import sago.sender.seal.SealedSession;
import sago.sender.seal.SessionKeys;
import sago.sender.seal.SessionScope;
import sago.sender.source.SourceWalker;
import sago.sender.tree.EntryKey;
import sago.sender.tree.TreeCacheReader;
import sago.sender.tree.TreeCacheWriter;
import sago.sender.upload.SessionOpening;
import sago.sender.upload.UploadSession;
import sago.sender.upload.Waiting;

/**
 * One backup of one dataset to one site, from opening the session to the receipt of the snapshot. It is a session of its own: what is durable
 * stays known when it is cut off, and the next run does not send it again. {@link #run} is called once, by one thread; the
 * other methods by any.
 */
public final class BackupRun {
    private static final Logger LOG = LoggerFactory.getLogger(BackupRun.class);

    /** Passes over the source: a site that loses packs faster than that needs a person. */
    private static final int SCANS_MAX = 4;

    /** One for the tree's packs; and one image must stay for a pack that awaits its acknowledgement. */
    private static final int IMAGES_NOT_FOR_DATA = 2;

    private final HomeState home;
    private final BackupMeans means;
    private final BackupOrder order;
    private final BackupTarget target;
    private final BackupListener listener;
    private final Catalog catalog;
    private final DatasetId dataset;
    private final SiteId site;
    private final BackupCounters counters = new BackupCounters();
    private final HomeRoom room;
    private final SessionOpener opener;
    private final ProgressMeter meter;
    private final StoredChunks stored;
    private final PackUse use;
    private final AtomicInteger packsStored = new AtomicInteger();
    private final AtomicInteger packsToCommit = new AtomicInteger();

    private @Nullable Thread runner;
    private @Nullable Crew crew;
    private boolean cancelled;

    public BackupRun(
            HomeState home, BackupMeans means, BackupOrder order, BackupTarget target, BackupListener listener) {
        this.home = home;
        this.means = means;
        this.order = order;
        this.target = target;
        this.listener = listener;
        this.catalog = home.catalog();
        this.dataset = order.dataset().dataset();
        this.site = target.site();
        this.stored = new StoredChunks(catalog, home.index(), site);
        this.use = new PackUse(catalog.uses(), dataset);
        this.room = new HomeRoom(means.clock(), means.patience());
        this.opener = new SessionOpener(target, means.clock(), means.patience());
        this.meter = new ProgressMeter(counters, means.clock(), this::waiting);
    }

    /**
     * Runs the backup to its end.
     *
     * @throws FaultException whatever ended it, INTERRUPTED after {@link #cancel}; what is durable by then is not sent again
     */
    public BackupResult run() throws FaultException, InterruptedException {
        begin();
        try {
            return backUp();
        } catch (InterruptedException e) {
            if (isCancelled()) {
                throw interrupted(e);
            }
            throw e;
        } catch (IOException e) {
            if (isCancelled()) {
                throw interrupted(e);
            }
            FaultException fault = e instanceof FaultException known
                    ? known
                    : new FaultException(Fault.DISK, "a file of the home folder: " + e.getMessage(), e);
            throw fault.fault() == Fault.INTERRUPTED
                    ? new FaultException(Fault.INTERRUPTED, fault.getMessage() + "; " + savedText(), fault)
                    : fault;
        } finally {
            end();
        }
    }

    /** Ends the run soon, wherever it is; {@link #run} then throws INTERRUPTED. */
    public synchronized void cancel() {
        cancelled = true;
        if (crew != null) {
            crew.fail(new InterruptedException());
        }
        if (runner != null) {
            runner.interrupt();
        }
    }

    /** The run now. */
    public BackupProgress progress() {
        return meter.now();
    }

    /** What the next run will find of this one, should it be cut off now: finished files, and packs that are durable at the site. */
    public Saved saved() {
        return new Saved(counters.filesFinished.sum() + counters.filesRecorded.sum(), packsStored.get());
    }

    /** What is done for good. */
    public record Saved(long files, int packs) {}

    /** What was done so far. */
    BackupCounters counters() {
        return counters;
    }

    private BackupResult backUp() throws IOException, InterruptedException {
        DatasetTerms grant = order.dataset().grant();
        SessionId id = SessionId.random(means.random());
        SessionScope scope = new SessionScope(grant.vault(), dataset, grant.keyEpoch(), id);
        SealedSession sealed = SessionKeys.create(scope, grant.publicKey(), means.random());
        CheckpointJournal journal = CheckpointJournal.open(home.checkpointFolder(), home.files());
        try (Checkpoint checkpoint = new Checkpoint(journal, room, counters, listener);
                BackupTarget.Session session = open(id, sealed, checkpoint)) {
            try {
                meter.opened(session);
                Reconciliation reconciliation = new Reconciliation(home, session, dataset, site);
                packsToCommit.addAndGet(reconciliation.run(checkpoint, means.clock(), listener));
                checkpoint.merge(means.clock().wallMs());
                stored.countAsAbsent(Repack.choose(
                        catalog.uses(),
                        means.geometry(),
                        new Repack.Place(dataset, site, session.head().sequence()),
                        means.repackBytesMax()));
                PackSession packs = new PackSession(grant.vault(), dataset, id, sealed.key(), means.geometry());
                BackupResult result = scanAndCommit(session, checkpoint, packs, sealed);
                checkpoint.delete();
                return result;
            } finally {
                // Before the session ends: what it has yet to note must not wait for room any more.
                room.close();
            }
        } finally {
            sealed.key().close();
        }
    }

    private BackupTarget.Session open(SessionId id, SealedSession sealed, Checkpoint checkpoint)
            throws FaultException, InterruptedException {
        catalog.names().note(site, target.siteName(), dataset, order.dataset().name());
        catalog.packs()
                .sessionOpened(dataset, id, sealed.header(), means.clock().wallMs());
        PackOrigin origin = new PackOrigin(dataset, id);
        SessionOpening opening = new SessionOpening(order.dataset().grant(), id, sealed.header(), order.signer());
        // The journal first: files that it calls finished rest on packs that count from here on. Then the pack table,
        // then the
        // index: a chunk that is found must have a pack that counts.
        return opener.open(
                opening,
                new UploadSession.Listeners(
                        (entry, chunks, keepUntil) -> {
                            checkpoint.acknowledged(entry.id(), keepUntil);
                            room.await(() -> catalog.packs().packDurable(origin, site, entry, keepUntil));
                            room.await(() -> home.index().insert(chunks));
                            stored.pending().durable(chunks);
                            packsStored.incrementAndGet();
                            requireRoomInManifest(packsToCommit.incrementAndGet());
                        },
                        (envelope, packs) -> room.await(() -> catalog.snapshots()
                                .receipt(site, dataset, envelope, means.clock().wallMs()))));
    }

    private BackupResult scanAndCommit(
            BackupTarget.Session session, Checkpoint checkpoint, PackSession packs, SealedSession sealed)
            throws IOException, InterruptedException {
        int images = session.windowPacks();
        if (images <= IMAGES_NOT_FOR_DATA) {
            throw new FaultException(
                    Fault.USAGE,
                    "the window holds " + images + " packs, a backup needs at least " + (IMAGES_NOT_FOR_DATA + 1)
                            + ": give it more memory");
        }
        PackTransport window = checkpoint.recording(session);
        Scan.Packs open = new Scan.Packs(
                openPacks(window, packs, Math.min(means.workers(), images - IMAGES_NOT_FOR_DATA)),
                openPacks(window, packs, 1));
        DatasetTools tools = new DatasetTools(
                order.dataset().idKey(), GearTable.derive(order.dataset().gearKey()), LinkLoad.choice(means, session));
        Scan.Shared shared = new Scan.Shared(tools, stored, open, counters, new Scan.Keeping(checkpoint, room, use));
        Committer committer = new Committer(home, room, means, order, session, site);
        for (int attempt = 1; ; attempt++) {
            long startedMs = means.clock().wallMs();
            long troublesBefore = counters.troubles();
            Path cachePath = home.treeCache(dataset);
            checkpoint.beginScan(packs.session(), startedMs);
            room.await(use::begin);
            try (TreeCacheWriter cache = new TreeCacheWriter(home.files(), cachePath)) {
                Scan.Outcome tree = scan(shared, cachePath, cache);
                open.finish();
                session.awaitDurable();
                stored.pending().clear();
                Committer.Outcome outcome =
                        committer.commit(packs, sealed, body(tree, startedMs, counters.troubles() - troublesBefore));
                // True of every entry whether or not the commit came through: what it names is looked up in the catalog
                // again.
                room.await(() -> cache.publish(outcome.manifest(), startedMs));
                if (outcome.committed()) {
                    return result(outcome);
                }
            } catch (IOException | InterruptedException | RuntimeException e) {
                open.abandon();
                throw e;
            }
            if (attempt == SCANS_MAX) {
                throw new FaultException(
                        Fault.INTEGRITY,
                        "site " + target.siteName() + " lost packs of this backup " + attempt
                                + " times in a row: look at its disk and its log");
            }
            listener.warning(
                    "site " + target.siteName() + " does not hold all packs any more: storing those chunks again");
        }
    }

    /** A run that cannot be committed must not go on for days. */
    private static void requireRoomInManifest(int packs) throws FaultException {
        if (packs > Limits.PACKS_PER_COMMIT_MAX) {
            throw new FaultException(
                    Fault.LIMIT,
                    "this snapshot adds more than " + Limits.PACKS_PER_COMMIT_MAX
                            + " packs, which is all that one manifest names: back up parts of it as datasets of their own");
        }
    }

    private Scan.Outcome scan(Scan.Shared shared, Path cachePath, TreeCacheWriter cache)
            throws IOException, InterruptedException {
        meter.scanStarted();
        SourceTrouble trouble = new SourceTrouble(counters, listener);
        Scan scan = new Scan(shared, means, trouble, newCrew());
        try (TreeCacheReader lastTree = TreeCacheReader.open(home.files(), cachePath, listener::warning)) {
            return scan.run(feed(shared, scan.chunker(), trouble, lastTree), cache);
        } finally {
            meter.scanEnded();
        }
    }

    private Feed feed(Scan.Shared shared, Chunker chunker, SourceTrouble trouble, @Nullable TreeCacheReader lastTree)
            throws FaultException {
        // The interface is sealed; Java 17 has no pattern switch.
        if (order.source() instanceof BackupSource.Stream stream) {
            return new StreamFeed(stream, chunker, counters, trouble, means);
        }
        BackupSource.Paths paths = (BackupSource.Paths) order.source();
        SourceWalker walker = new SourceWalker(paths.roots(), paths.filter(), order.excluded(), trouble);
        return new Walk(
                walker, lastTree, shared, new Walk.Reading(means.regionBytes(), chunker, paths.images(), trouble));
    }

    private OpenPacks openPacks(PackTransport window, PackSession packs, int packsMax) {
        return new OpenPacks(packs, window, means.random(), () -> means.aeads().aead(), packsMax);
    }

    private SnapshotBody body(Scan.Outcome tree, long startedMs, long troubles) {
        long finishedMs = means.clock().wallMs();
        SnapshotBody.Builder body = SnapshotBody.newBuilder()
                .setFormat(SnapshotBodies.FORMAT)
                .setStartedMs(order.timeMs().orElse(startedMs))
                .setFinishedMs(order.timeMs().orElse(finishedMs))
                .setHost(order.host())
                .setRoot(tree.root().toAddress())
                .setRootLevel(tree.root().level())
                .setFiles(tree.totals().files())
                .setDirectories(tree.totals().directories())
                .setOthers(tree.totals().others())
                .setBytes(tree.totals().bytes())
                .setUnreadable(troubles)
                .setSoftware(order.software());
        for (EntryKey root : order.source().keys()) {
            body.addPaths(ByteString.copyFrom(root.path()));
        }
        return body.build();
    }

    private BackupResult result(Committer.Outcome outcome) throws FaultException {
        Snapshot snapshot = catalog.snapshots()
                .newest(dataset, site)
                .filter(newest -> newest.hash().equals(outcome.manifest()))
                .orElseThrow(() -> new FaultException(
                        Fault.DISK,
                        "the catalog does not show snapshot " + outcome.manifest() + ", which is committed"));
        LOG.info(
                "snapshot {} of {} is committed at {}",
                snapshot.name(),
                order.dataset().name(),
                target.siteName());
        return new BackupResult(snapshot, outcome.receipt(), packsStored.get(), progress(), counters.outcome());
    }

    private FaultException interrupted(Exception cause) {
        return new FaultException(Fault.INTERRUPTED, "stopped; " + savedText(), cause);
    }

    /** What the next run will find. */
    private String savedText() {
        Saved saved = saved();
        return "the checkpoint is saved: " + saved.files + " files done, " + saved.packs
                + " packs of this run durable at site " + target.siteName() + ". Run the same command again to go on";
    }

    private @Nullable Waiting waiting() {
        Waiting atHome = room.waiting();
        return atHome == null ? opener.waiting() : atHome;
    }

    private synchronized void begin() throws FaultException {
        if (runner != null) {
            throw new IllegalStateException("a backup runs once");
        }
        runner = Thread.currentThread();
        if (cancelled) {
            throw new FaultException(Fault.INTERRUPTED, "stopped before it began");
        }
    }

    private synchronized void end() {
        runner = null;
        if (cancelled) {
            // Whoever called run has its answer: the interruption was meant for nothing else.
            Thread.interrupted();
        }
    }

    private synchronized Crew newCrew() throws InterruptedException {
        if (cancelled) {
            throw new InterruptedException();
        }
        Crew fresh = new Crew();
        crew = fresh;
        return fresh;
    }

    private synchronized boolean isCancelled() {
        return cancelled;
    }
}
