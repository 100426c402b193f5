package sago.sender.backup;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import sago.common.fault.FaultException;
import sago.common.id.DatasetId;
import sago.common.id.Hash;
import sago.common.id.PackId;
import sago.common.id.SessionId;
import sago.common.id.SiteId;
import sago.common.pack.PackEntry;
import sago.common.protocol.PackPresence;
import sago.common.time.Clock;
import sago.sender.catalog.Catalog;
import sago.sender.catalog.PackOrigin;
import sago.sender.catalog.PreparedManifest;
import sago.sender.catalog.Snapshot;
import sago.sender.checkpoint.ReplaySink;
import sago.sender.index.ChunkIndex;
import sago.sender.pack.PackedChunk;
import sago.sender.upload.CommitResult;
import sago.sender.upload.SiteHead;

/**
 * Brings the catalog in line with the site before a scan: what the site says wins. Used by one thread.
 *
 * <ul>
 *   <li>What the checkpoint knows of packs, and the catalog does not, is noted; what it does not know for sure is asked.
 *   <li>A manifest that was sent before this process began, and whose receipt never came, is sent again if it is the site's newest.
 *   <li>Manifests that the site does not have are forgotten, and their packs are asked for.
 *   <li>Packs of sessions that were cut off count only if the site still holds them.
 * </ul>
 */
final class Reconciliation {
    /** The site keeps it at least as long as every pack that it acknowledged. */
    private static final long KEEP_UNKNOWN = 0;

    private final Catalog catalog;
    private final ChunkIndex index;
    private final BackupTarget.Session session;
    private final DatasetId dataset;
    private final SiteId site;

    Reconciliation(HomeState home, BackupTarget.Session session, DatasetId dataset, SiteId site) {
        this.catalog = home.catalog();
        this.index = home.index();
        this.session = session;
        this.dataset = dataset;
        this.site = site;
    }

    /** Returns how many packs of sessions that were cut off the next manifest adds. */
    int run(Checkpoint checkpoint, Clock clock, BackupListener listener) throws FaultException, InterruptedException {
        Replay replay = new Replay();
        checkpoint.replay(replay);
        settleHead(clock, listener);
        Set<PackId> uncertain = new LinkedHashSet<>(catalog.packs().uncommitted(dataset, site));
        uncertain.addAll(replay.sealed.keySet());
        if (uncertain.isEmpty()) {
            return 0;
        }
        List<PackId> absent = new ArrayList<>();
        for (Map.Entry<PackId, PackPresence> answer : session.status(uncertain).entrySet()) {
            SealedPack sealed = replay.sealed.get(answer.getKey());
            if (answer.getValue() != PackPresence.DURABLE) {
                absent.add(answer.getKey());
            } else if (sealed != null) {
                note(sealed, KEEP_UNKNOWN);
            }
        }
        catalog.packs().absent(dataset, site, absent);
        return uncertain.size() - absent.size();
    }

    /** As when its acknowledgement arrives: pack table, then index. */
    private void note(SealedPack pack, long keepUntil) throws FaultException {
        if (!catalog.packs().isNoted(pack.entry.id(), site)) {
            catalog.packs().packDurable(new PackOrigin(dataset, pack.session), site, pack.entry, keepUntil);
        }
        // The index is not forced: a power loss may have taken what the pack table kept, from its end.
        if (!isIndexed(pack.chunks.get(0)) || !isIndexed(pack.chunks.get(pack.chunks.size() - 1))) {
            index.insert(pack.chunks);
        }
    }

    private boolean isIndexed(PackedChunk chunk) throws FaultException {
        return chunk.ref().equals(index.find(chunk.id()));
    }

    private record SealedPack(SessionId session, PackEntry entry, List<PackedChunk> chunks) {}

    /** What a run before wrote down of its packs; holds those without an acknowledgement, which are at most a window of each run. */
    private final class Replay implements ReplaySink {
        final Map<PackId, SealedPack> sealed = new LinkedHashMap<>();
        private @Nullable SessionId known;

        @Override
        public void sealed(SessionId session, PackEntry entry, List<PackedChunk> chunks) throws FaultException {
            if (!session.equals(known) && !catalog.packs().hasSession(dataset, session)) {
                // The catalog is an older copy: without the session's header no manifest can name its packs.
                return;
            }
            known = session;
            sealed.put(entry.id(), new SealedPack(session, entry, chunks));
        }

        @Override
        public void acknowledged(PackId pack, long keepUntil) throws FaultException {
            SealedPack noted = sealed.remove(pack);
            if (noted != null) {
                note(noted, keepUntil);
            }
        }
    }

    private void settleHead(Clock clock, BackupListener listener) throws FaultException, InterruptedException {
        SiteHead head = session.head();
        Optional<Snapshot> newest = catalog.snapshots().newest(dataset, site);
        if (newest.map(Snapshot::hash).orElse(Hash.ZERO).equals(head.manifest())) {
            return;
        }
        Optional<PreparedManifest> sent = catalog.snapshots().prepared(site, head.manifest());
        if (sent.isPresent()) {
            PreparedManifest manifest = sent.get();
            if (session.commit(manifest.stub(), manifest.sealedBody()) instanceof CommitResult.Committed committed) {
                catalog.snapshots().commit(site, manifest.stub(), committed.receipt(), clock.wallMs());
                return;
            }
        }
        boolean known = head.sequence() == 0
                || catalog.snapshots().committed(site, head.manifest()).isPresent();
        long keep = known ? head.sequence() : 0;
        if (newest.isPresent()) {
            listener.warning("the newest snapshot of this dataset at the site is number " + head.sequence()
                    + ", home knows number " + newest.get().sequence()
                    + ": one of the two was set back, or another sender was here. Going on after the site's");
        } else if (!known) {
            listener.warning(
                    "the site has snapshots up to number " + head.sequence() + " of this dataset, and this home's"
                            + " catalog knows none of them: everything is stored once more. To avoid that, stop, and where the"
                            + " vault is run `sago sender rebuild` first");
        }
        if (known || newest.isPresent()) {
            catalog.snapshots().rewind(dataset, site, keep);
        }
    }
}
