package sago.common.trust;

import java.util.List;
import sago.common.id.DatasetId;
import sago.common.id.Hash;
import sago.common.id.SiteId;
import sago.common.id.VaultId;
import sago.common.limits.Limits;

/**
 * An order that snapshots of a dataset no longer count at one site. It names snapshots, never packs: which packs that frees is found by the
 * site, from what manifests say.
 *
 * @param manifests manifest hashes, ascending by their bytes
 * @param grant SHA-256 of the payload of the expiry grant that it rests on
 */
public record ExpireTerms(
        VaultId vault,
        SiteId site,
        DatasetId dataset,
        long sequence,
        long issuedAt,
        long notAfter,
        List<Hash> manifests,
        Hash grant)
        implements OrderTerms {
    public ExpireTerms {
        manifests = List.copyOf(manifests);
        Terms.requireIssue(sequence, issuedAt, notAfter);
        Terms.require(
                !manifests.isEmpty() && manifests.size() <= Limits.SNAPSHOTS_PER_ORDER_MAX, "number of snapshots");
        for (int i = 1; i < manifests.size(); i++) {
            Terms.require(
                    manifests.get(i - 1).compareTo(manifests.get(i)) < 0,
                    "snapshots do not ascend, or one stands there twice");
        }
    }
}
