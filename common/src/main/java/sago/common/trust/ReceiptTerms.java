package sago.common.trust;

import org.jspecify.annotations.Nullable;
import sago.common.id.DatasetId;
import sago.common.id.Hash;
import sago.common.id.SiteId;
import sago.common.id.VaultId;

/**
 * What a site promises.
 *
 * @param journalFirst first journal sequence that it covers
 * @param journalLast last journal sequence that it covers
 * @param journalHead chain hash at journalLast
 * @param packCount packs in this group; 0 in the receipt of a commit or an order
 * @param packsRoot RFC 6962 root over their 56-byte entries, in journal order
 * @param manifest in the receipt of a commit, the manifest hash: all packs of the resulting set are durable there
 * @param time seconds since the epoch at the site, for printing
 * @param keepUntil seconds since the epoch until which uncommitted packs are kept; 0: until an order
 * @param order in the receipt of an order, its hash: what it says is durable there
 */
public record ReceiptTerms(
        VaultId vault,
        SiteId site,
        DatasetId dataset,
        long journalFirst,
        long journalLast,
        Hash journalHead,
        long packCount,
        Hash packsRoot,
        @Nullable Hash manifest,
        long time,
        long keepUntil,
        @Nullable Hash order) {
    public ReceiptTerms {
        Terms.require(journalFirst > 0 && journalFirst <= journalLast, "journal range");
        Terms.require(packCount >= 0, "number of packs");
        Terms.require(packCount > 0 || manifest != null || order != null, "it promises nothing");
        Terms.requireTime(time);
        Terms.requireTime(keepUntil);
    }
}
