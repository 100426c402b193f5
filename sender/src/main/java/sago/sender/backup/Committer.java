package sago.sender.backup;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.id.DatasetId;
import sago.common.id.Hash;
import sago.common.id.PackId;
import sago.common.id.SiteId;
import sago.common.limits.Limits;
import sago.common.pack.PackEntry;
import sago.common.sign.Hashes;
import sago.common.trust.ManifestStubs;
import sago.common.trust.PackIds;
import sago.common.trust.PackTable;
import sago.common.trust.StubTerms;
import sago.sender.catalog.Catalog;
import sago.sender.catalog.ManifestDelta;
import sago.sender.catalog.PreparedManifest;
import sago.sender.pack.PackSession;
import sago.sender.pack.SnapshotBodies;
import sago.sender.proto.SnapshotBody;
import sago.sender.seal.SealedSession;
import sago.sender.upload.CommitResult;
import sago.sender.upload.SiteHead;

/**
 * Makes a manifest, makes it durable at home, sends it, and notes the receipt: in this order, so that after a crash the same bytes can be
 * sent again. Used by one thread.
 */
final class Committer {
    /** Of COMMIT: body, session headers' hashes and signatures, with much to spare. */
    private static final long COMMIT_REST_BYTES = 256 << 10;

    private final Catalog catalog;
    private final BackupMeans means;
    private final BackupOrder order;
    private final BackupTarget.Session session;
    private final SiteId site;
    private final HomeRoom room;

    Committer(
            HomeState home,
            HomeRoom room,
            BackupMeans means,
            BackupOrder order,
            BackupTarget.Session session,
            SiteId site) {
        this.catalog = home.catalog();
        this.room = room;
        this.means = means;
        this.order = order;
        this.session = session;
        this.site = site;
    }

    /** What became of it: committed with this hash, or refused because packs are missing, which now count as absent. */
    record Outcome(Hash manifest, ByteString receipt, boolean committed) {}

    Outcome commit(PackSession packs, SealedSession sealed, SnapshotBody body)
            throws FaultException, InterruptedException {
        PreparedManifest manifest = prepare(packs, sealed, body);
        room.await(() -> catalog.snapshots().prepare(site, manifest, body));
        CommitResult result = session.commit(manifest.stub(), manifest.sealedBody());
        if (result instanceof CommitResult.Committed committed) {
            room.await(() -> catalog.snapshots()
                    .commit(
                            site,
                            manifest.stub(),
                            committed.receipt(),
                            means.clock().wallMs()));
            return new Outcome(ManifestStubs.hash(manifest.stub()), committed.receipt(), true);
        }
        if (result instanceof CommitResult.Missing missing) {
            room.await(() -> catalog.packs().absent(packs.dataset(), site, missing.packs()));
            return new Outcome(ManifestStubs.hash(manifest.stub()), ByteString.EMPTY, false);
        }
        CommitResult.Conflict conflict = (CommitResult.Conflict) result;
        throw new FaultException(
                Fault.LOCKED,
                "another sender committed snapshot number " + conflict.sequence()
                        + " of this dataset while this backup ran: a dataset has one sender at a time. Run it again"
                        + " when the other one is through");
    }

    private PreparedManifest prepare(PackSession packs, SealedSession sealed, SnapshotBody body) throws FaultException {
        DatasetId dataset = packs.dataset();
        SiteHead head = session.head();
        long sequence = head.sequence() + 1;
        ByteString sealedBody = ByteString.copyFrom(SnapshotBodies.seal(
                packs, sequence, body, means.random(), means.aeads().aead()));
        ManifestDelta delta = catalog.packs().delta(dataset, site);
        List<PackId> dropped = new ArrayList<>(delta.dropped());
        dropped.addAll(catalog.uses().unused(dataset, site, droppedMax(delta)));
        Set<Hash> headers = new LinkedHashSet<>(delta.sessionHeaders());
        headers.add(Hashes.sha256(sealed.header()));
        StubTerms terms = new StubTerms(
                packs.vault(),
                dataset,
                sequence,
                head.manifest(),
                packs.session(),
                PackTable.of(delta.added()),
                PackIds.of(dropped),
                List.copyOf(headers),
                order.keyringCounter(),
                Hashes.sha256(sealedBody));
        return new PreparedManifest(ManifestStubs.sign(order.signer(), terms), sealedBody);
    }

    /** Unused packs that the manifest drops: as many as COMMIT has room for beside what it adds; the rest next time. */
    private static int droppedMax(ManifestDelta delta) {
        long left = Limits.COMMIT_BYTES_MAX
                - COMMIT_REST_BYTES
                - (long) delta.added().size() * PackEntry.BYTES;
        long most = Math.min(Limits.DROPPED_PER_COMMIT_MAX, left / PackId.BYTES)
                - delta.dropped().size();
        return (int) Math.max(0, most);
    }
}
