package sago.common.trust;

import sago.common.id.DatasetId;
import sago.common.id.SiteId;
import sago.common.id.VaultId;

/**
 * An order to delete every session header of a dataset that is of an older epoch of its key.
 *
 * @param keyEpoch headers of epochs below this one go
 */
public record RetireTerms(
        VaultId vault, SiteId site, DatasetId dataset, long sequence, long issuedAt, long notAfter, int keyEpoch)
        implements OrderTerms {
    public RetireTerms {
        Terms.requireIssue(sequence, issuedAt, notAfter);
        Terms.require(keyEpoch > 1, "no epoch is below the first");
    }
}
