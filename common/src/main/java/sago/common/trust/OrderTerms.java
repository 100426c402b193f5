package sago.common.trust;

import sago.common.id.DatasetId;
import sago.common.id.SiteId;
import sago.common.id.VaultId;

/** What home orders one site to do with a dataset. Whatever can lose data comes only as such an order. */
public sealed interface OrderTerms permits ResealTerms, RetireTerms, ExpireTerms {
    VaultId vault();

    /** The site that it is for. */
    SiteId site();

    DatasetId dataset();

    /** From the vault's counter of grants: a site takes no order at or below the last one, except that one again. */
    long sequence();

    /** Seconds since the epoch, for printing. */
    long issuedAt();

    /** Seconds since the epoch at which it ends; 0 is no end. */
    long notAfter();
}
