package sago.receiver.store;

import java.io.IOException;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.id.Hash;
import sago.common.trust.ExpireTerms;
import sago.common.trust.ExpiryGrantTerms;
import sago.common.trust.GrantedExpiry;
import sago.receiver.proto.OrderRecord;

/**
 * Expire orders: the journal record is what ends a snapshot; then the files of its manifests lose their bodies. Which packs that frees is
 * worked out when the record is applied, and they go with a later sweep. Confined to the monitor of {@link Orders}; takes the lock of
 * commits, so that the newest manifest of a dataset stays the newest while it is asked for.
 */
final class Expiry {
    private static final int MS_PER_SECOND = 1_000;
    private static final long DAY_MS = 24L * 3600 * MS_PER_SECOND;

    /** Appends the record of an order and waits for it. */
    interface Journalling {
        FollowedOrder append(OrderRecord.Builder record) throws IOException;
    }

    private final StoreContext context;
    private final ManifestFiles manifests;
    private final Commits commits;

    /** A record is durable and its files are not all rewritten: nothing else is ordered before they are. */
    private boolean incomplete = true;

    Expiry(StoreContext context, ManifestFiles manifests, Commits commits) {
        this.context = context;
        this.manifests = manifests;
        this.commits = commits;
    }

    /** PEER_REFUSED where a later grant of the vault was used here. */
    void requireNewest(ExpiryGrantTerms grant) throws IOException {
        long newest = context.state().retention().expiryGrant(grant.vault());
        if (grant.sequence() < newest) {
            throw new FaultException(
                    Fault.PEER_REFUSED,
                    "the expiry grant " + grant.sequence() + " was replaced by " + newest
                            + ": let home issue the order anew");
        }
    }

    /** @param record of the order, to be completed */
    FollowedOrder expire(GrantedExpiry granted, OrderRecord.Builder record, Journalling journal) throws IOException {
        FollowedOrder done;
        synchronized (commits) {
            SortedMap<Long, ManifestRow> expired = toExpire(granted, record.getTimeMs());
            record.setExpiryGrant(granted.grant().sequence()).addAllExpired(expired.keySet());
            incomplete = true;
            done = journal.append(record);
        }
        complete();
        return done;
    }

    /** What is not expired yet of what the order names, by sequence. Every refusal comes before anything has changed. */
    private SortedMap<Long, ManifestRow> toExpire(GrantedExpiry granted, long nowMs) throws IOException {
        ExpireTerms order = granted.order();
        if (context.state().hasDamagedManifest(order.dataset())) {
            throw new FaultException(
                    Fault.INTEGRITY,
                    "the site cannot read a manifest of this dataset and expires nothing of it: its log names the file");
        }
        long newest = commits.head(order.dataset()).sequence();
        SortedMap<Long, ManifestRow> fresh = new TreeMap<>();
        for (Hash hash : order.manifests()) {
            ManifestRow manifest = context.state()
                    .retention()
                    .manifest(order.dataset(), hash)
                    .orElseThrow(() -> refused("snapshot " + hash + " is not one of this dataset here"));
            CommittedManifest commit = manifest.commit();
            if (commit.expired()) {
                continue;
            }
            if (commit.sequence() == newest) {
                throw refused("snapshot " + hash + " is the newest of its dataset, which never expires");
            }
            if (nowMs - commit.timeMs() < granted.grant().minimumAgeSeconds() * MS_PER_SECOND) {
                throw refused("snapshot " + hash + " was committed here " + (nowMs - commit.timeMs()) / MS_PER_SECOND
                        + " s ago, and the grant lets none expire before "
                        + granted.grant().minimumAgeSeconds() + " s");
            }
            fresh.put(commit.sequence(), manifest);
        }
        long lately = context.state().retention().expiredSince(order.dataset(), nowMs - DAY_MS);
        if (lately + fresh.size() > granted.grant().snapshotsPerDayMax()) {
            throw refused(fresh.size() + " snapshots besides the " + lately
                    + " of the last 24 hours are more than the "
                    + granted.grant().snapshotsPerDayMax() + " a day that the grant allows");
        }
        return fresh;
    }

    private static FaultException refused(String why) {
        return new FaultException(Fault.PEER_REFUSED, "nothing expired: " + why);
    }

    /**
     * Rewrites the files of what the last orders have expired, if that is not known to be done. An order is begun only after that, so no
     * earlier one can be incomplete.
     */
    void complete() throws IOException {
        if (!incomplete) {
            return;
        }
        for (FollowedOrder last : context.state().retention().lastOrders()) {
            List<CommittedManifest> expired =
                    context.state().retention().expiredAt(last.dataset(), last.timeMs()).stream()
                            .map(ManifestRow::commit)
                            .toList();
            strip(last, expired);
        }
        incomplete = false;
    }

    private void strip(FollowedOrder order, List<CommittedManifest> expired) throws FaultException {
        try {
            manifests.strip(order.dataset(), expired);
        } catch (IOException e) {
            FaultException fault =
                    StoreFaults.of(e, "rewrite the manifests that order " + order.sequence() + " expired");
            if (e instanceof FaultException && fault.fault() == Fault.DISK) {
                context.health().fail(fault);
            }
            throw fault;
        }
    }
}
