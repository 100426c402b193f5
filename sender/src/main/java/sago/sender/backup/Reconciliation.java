package sago.sender.backup;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import sago.common.fault.FaultException;
import sago.common.id.DatasetId;
import sago.common.id.Hash;
import sago.common.id.PackId;
import sago.common.id.SiteId;
import sago.common.protocol.PackPresence;
import sago.common.time.Clock;
import sago.sender.catalog.Catalog;
import sago.sender.catalog.PreparedManifest;
import sago.sender.catalog.Snapshot;
import sago.sender.upload.CommitResult;
import sago.sender.upload.SiteHead;

/**
 * Brings the catalog in line with the site before a scan: what the site says wins. Used by one thread.
 *
 * <ul>
 *   <li>A manifest that was sent before this process began, and whose receipt never came, is sent again if it is the site's newest.
 *   <li>Manifests that the site does not have are forgotten, and their packs are asked for.
 *   <li>Packs of sessions that were cut off count only if the site still holds them.
 * </ul>
 */
final class Reconciliation {
    private final Catalog catalog;
    private final BackupTarget.Session session;
    private final DatasetId dataset;
    private final SiteId site;

    Reconciliation(Catalog catalog, BackupTarget.Session session, DatasetId dataset, SiteId site) {
        this.catalog = catalog;
        this.session = session;
        this.dataset = dataset;
        this.site = site;
    }

    /** Returns how many packs of sessions that were cut off the next manifest adds. */
    int run(Clock clock, BackupListener listener) throws FaultException, InterruptedException {
        settleHead(clock, listener);
        List<PackId> uncertain = catalog.packs().uncommitted(dataset, site);
        if (uncertain.isEmpty()) {
            return 0;
        }
        List<PackId> absent = new ArrayList<>();
        for (Map.Entry<PackId, PackPresence> answer : session.status(uncertain).entrySet()) {
            if (answer.getValue() != PackPresence.DURABLE) {
                absent.add(answer.getKey());
            }
        }
        catalog.packs().absent(dataset, site, absent);
        return uncertain.size() - absent.size();
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
        }
        if (known || newest.isPresent()) {
            catalog.snapshots().rewind(dataset, site, keep);
        }
    }
}
