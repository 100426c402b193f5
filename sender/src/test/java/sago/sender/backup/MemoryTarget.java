package sago.sender.backup;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.id.DatasetId;
import sago.common.id.Hash;
import sago.common.id.PackId;
import sago.common.id.SessionId;
import sago.common.id.SiteId;
import sago.common.id.VaultId;
import sago.common.pack.PackEntry;
import sago.common.pack.PackGeometry;
import sago.common.protocol.PackPresence;
import sago.common.secret.SecretBytes;
import sago.common.sign.Hashes;
import sago.common.trust.DatasetTerms;
import sago.common.trust.ManifestStubs;
import sago.common.trust.StubTerms;
import sago.common.trust.VerifiedStub;
import sago.sender.pack.DatasetPacks;
import sago.sender.pack.PackFetcher;
import sago.sender.pack.PackImage;
import sago.sender.pack.PackedChunk;
import sago.sender.seal.SessionKeys;
import sago.sender.upload.CommitResult;
import sago.sender.upload.SessionOpening;
import sago.sender.upload.SiteHead;
import sago.sender.upload.UploadProgress;
import sago.sender.upload.UploadSession;
import sago.sender.upload.UploadState;

/** A site in memory with one window, and faults to order. Also opens what it holds, as the key holder would. */
final class MemoryTarget implements BackupTarget, PackFetcher, DatasetPacks {
    static final int IMAGES = 4;

    private final PackGeometry geometry;
    private final DatasetTerms grant;
    private final SecretBytes datasetSeed;
    private final SecureRandom random = new SecureRandom();
    private final Map<PackId, byte[]> files = new HashMap<>();
    private final Map<PackId, PackEntry> entries = new HashMap<>();
    private final Map<SessionId, ByteString> headers = new HashMap<>();
    private final Set<PackId> set = new HashSet<>();
    private SiteHead head = new SiteHead(Hash.ZERO, 0);

    @Nullable
    VerifiedStub lastStub;

    @Nullable
    ByteString lastBody;

    /** Packs that are taken before every hand-over fails. */
    int packsUntilFailure = Integer.MAX_VALUE;

    /** Commits that find one pack gone. */
    int commitsThatMiss;

    /** Runs when a pack was acknowledged. */
    Runnable onPack = () -> {};

    /** What the next tries to open a session meet. */
    final Queue<FaultException> refusals = new ArrayDeque<>();

    private int cuts;
    boolean conflict;
    boolean loseReceipt;
    int images = IMAGES;
    int imagesOut;
    int imagesOutMax;

    MemoryTarget(PackGeometry geometry, DatasetTerms grant, SecretBytes datasetSeed) {
        this.geometry = geometry;
        this.grant = grant;
        this.datasetSeed = datasetSeed;
    }

    @Override
    public SiteId site() {
        return new SiteId(7, 7);
    }

    @Override
    public String siteName() {
        return "sg";
    }

    @Override
    public synchronized Session open(SessionOpening opening, UploadSession.Listeners listeners) throws FaultException {
        FaultException refusal = refusals.poll();
        if (refusal != null) {
            throw refusal;
        }
        headers.put(opening.session(), opening.header());
        return new MemorySession(listeners);
    }

    /** The line is cut: from here on every hand-over of this session fails, and nothing is acknowledged any more. */
    synchronized void cut() {
        cuts++;
        notifyAll();
    }

    synchronized long storedBytes() {
        return files.values().stream().mapToLong(file -> file.length).sum();
    }

    synchronized int packs() {
        return files.size();
    }

    synchronized SiteHead head() {
        return head;
    }

    /** The site is set up anew under its old identity. */
    synchronized void forgetEverything() {
        files.clear();
        entries.clear();
        set.clear();
        head = new SiteHead(Hash.ZERO, 0);
    }

    /** Older snapshots expired, and their grace is over: packs that the newest one does not name are deleted. */
    synchronized void sweep() {
        files.keySet().retainAll(set);
    }

    /** Packs that the newest snapshot names, with their lengths. */
    synchronized Map<PackId, Long> named() {
        Map<PackId, Long> named = new HashMap<>();
        set.forEach(pack -> named.put(pack, entry(pack).length()));
        return named;
    }

    synchronized void lose(PackId pack) {
        files.remove(pack);
    }

    /** Its bytes are gone, as after a failed disk. */
    synchronized PackId loseAPackOfTheNewestSnapshot() {
        PackId lost = set.iterator().next();
        files.remove(lost);
        return lost;
    }

    @Override
    public VaultId vault() {
        return grant.vault();
    }

    @Override
    public DatasetId dataset() {
        return grant.dataset();
    }

    @Override
    public synchronized int length(PackId pack) throws FaultException {
        if (!set.contains(pack)) {
            throw new FaultException(Fault.NOT_FOUND, "no manifest names " + pack);
        }
        return (int) entry(pack).length();
    }

    @Override
    public synchronized SecretBytes sessionKey(SessionId session) throws FaultException {
        ByteString header = headers.get(session);
        if (header == null) {
            throw new FaultException(Fault.NOT_FOUND, "no session " + session);
        }
        return SessionKeys.open(datasetSeed, header);
    }

    @Override
    public synchronized void fetch(PackId pack, int offset, ByteBuffer into) throws FaultException {
        byte[] file = files.get(pack);
        if (file == null) {
            throw new FaultException(Fault.NOT_FOUND, "no pack " + pack);
        }
        into.put(file, offset, into.remaining());
    }

    private PackEntry entry(PackId pack) {
        PackEntry entry = entries.get(pack);
        if (entry == null) {
            throw new IllegalStateException("no pack " + pack);
        }
        return entry;
    }

    private final class MemorySession implements Session {
        private final UploadSession.Listeners listeners;
        private final ExecutorService acknowledger = Executors.newSingleThreadExecutor();
        private final SiteHead headAtOpen = MemoryTarget.this.head();
        private final int cutsAtOpen = cuts;
        private int waiting;
        private @Nullable FaultException failure;

        MemorySession(UploadSession.Listeners listeners) {
            this.listeners = listeners;
        }

        @Override
        public SiteHead head() {
            return headAtOpen;
        }

        @Override
        public int windowPacks() {
            return images;
        }

        @Override
        public PackImage acquire() throws FaultException, InterruptedException {
            synchronized (MemoryTarget.this) {
                check();
                while (imagesOut == images && failure == null) {
                    MemoryTarget.this.wait();
                    check();
                }
                imagesOut++;
                imagesOutMax = Math.max(imagesOutMax, imagesOut);
                return new PackImage(PackId.random(random), ByteBuffer.allocateDirect(geometry.packBytes()));
            }
        }

        @Override
        public void sliceReady(PackImage image, int slice) {}

        @Override
        public void complete(PackImage image, PackEntry entry, List<PackedChunk> chunks) throws FaultException {
            synchronized (MemoryTarget.this) {
                check();
                if (packsUntilFailure-- <= 0) {
                    failure = new FaultException(Fault.CONNECTION_LOST, "the line was cut");
                    MemoryTarget.this.notifyAll();
                    throw failure;
                }
                byte[] file = new byte[(int) entry.length()];
                image.buffer().duplicate().clear().get(file);
                files.put(entry.id(), file);
                entries.put(entry.id(), entry);
                waiting++;
            }
            acknowledger.execute(() -> acknowledge(entry, chunks));
        }

        private void acknowledge(PackEntry entry, List<PackedChunk> chunks) {
            FaultException fault = null;
            try {
                synchronized (MemoryTarget.this) {
                    check();
                }
                listeners.durable().packDurable(entry, chunks, 1234);
                onPack.run();
            } catch (FaultException e) {
                fault = e;
            }
            synchronized (MemoryTarget.this) {
                failure = failure == null ? fault : failure;
                imagesOut--;
                waiting--;
                MemoryTarget.this.notifyAll();
            }
        }

        @Override
        public void release(PackImage image) {
            synchronized (MemoryTarget.this) {
                imagesOut--;
                MemoryTarget.this.notifyAll();
            }
        }

        @Override
        public long unsentBytes() {
            return 0;
        }

        @Override
        public Map<PackId, PackPresence> status(Collection<PackId> packs) {
            synchronized (MemoryTarget.this) {
                Map<PackId, PackPresence> states = new HashMap<>();
                packs.forEach(pack ->
                        states.put(pack, files.containsKey(pack) ? PackPresence.DURABLE : PackPresence.UNKNOWN));
                return states;
            }
        }

        @Override
        public void awaitDurable() throws FaultException, InterruptedException {
            synchronized (MemoryTarget.this) {
                check();
                while (waiting > 0) {
                    MemoryTarget.this.wait();
                    check();
                }
            }
        }

        @Override
        public CommitResult commit(ByteString stub, ByteString body) throws FaultException {
            synchronized (MemoryTarget.this) {
                VerifiedStub verified = ManifestStubs.verify(stub, grant.sender(), grant.vault(), grant.dataset());
                StubTerms terms = verified.terms();
                if (verified.manifestHash().equals(head.manifest())) {
                    return new CommitResult.Committed(ByteString.copyFromUtf8("receipt of " + head.sequence()));
                }
                if (conflict || !terms.previous().equals(head.manifest()) || terms.sequence() != head.sequence() + 1) {
                    return new CommitResult.Conflict(head.manifest(), head.sequence());
                }
                if (!terms.bodySha256().equals(Hashes.sha256(body))) {
                    throw new FaultException(Fault.INTEGRITY, "another body");
                }
                if (commitsThatMiss-- > 0) {
                    files.remove(terms.added().entry(0).id());
                }
                Set<PackId> next = new HashSet<>(set);
                terms.added().forEach(entry -> next.add(entry.id()));
                terms.dropped().forEach(next::remove);
                List<PackId> missing = new ArrayList<>(next);
                missing.removeIf(pack -> files.containsKey(pack));
                for (PackEntry entry : terms.added()) {
                    if (files.containsKey(entry.id()) && !entry.equals(entries.get(entry.id()))) {
                        throw new FaultException(Fault.INTEGRITY, "another entry of " + entry.id());
                    }
                }
                if (!missing.isEmpty()) {
                    return new CommitResult.Missing(missing);
                }
                set.clear();
                set.addAll(next);
                lastStub = verified;
                lastBody = body;
                head = new SiteHead(verified.manifestHash(), terms.sequence());
                if (loseReceipt) {
                    throw new FaultException(Fault.CONNECTION_LOST, "the receipt was lost");
                }
                return new CommitResult.Committed(ByteString.copyFromUtf8("receipt of " + head.sequence()));
            }
        }

        @Override
        public UploadProgress progress() {
            return new UploadProgress(
                    UploadState.STREAMING, 0, 0, 0, 0, 0, 0, images, 1, 0, 0, 0, UploadProgress.Bound.SOURCE, null);
        }

        @Override
        public void close() {
            acknowledger.shutdown();
            try {
                acknowledger.awaitTermination(10, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            synchronized (MemoryTarget.this) {
                imagesOut = 0;
            }
        }

        private void check() throws FaultException {
            if (failure == null && cuts != cutsAtOpen) {
                failure = new FaultException(Fault.CONNECTION_LOST, "the line was cut");
            }
            if (failure != null) {
                throw new FaultException(failure.fault(), String.valueOf(failure.getMessage()), failure);
            }
        }
    }
}
