package sago.common.trust;

import sago.common.id.VaultId;
import sago.common.sign.VerifyingKey;

/**
 * What a key of role expiry may order.
 *
 * @param minimumAgeSeconds a snapshot that was committed at the site more recently than this does not expire
 * @param snapshotsPerDayMax of one dataset at one site, in any 24 hours
 * @param sequence grows with every grant of the vault; a site takes none below the highest that an order came with
 * @param issuedAt seconds since the epoch, for printing
 * @param notAfter seconds since the epoch at which it ends; 0 is no end
 */
public record ExpiryGrantTerms(
        VaultId vault,
        VerifyingKey expiryKey,
        long minimumAgeSeconds,
        int snapshotsPerDayMax,
        long sequence,
        long issuedAt,
        long notAfter) {
    /** A thousand years: whoever wants more wants no expiry. */
    public static final long MINIMUM_AGE_SECONDS_MAX = 1_000L * 366 * 24 * 3600;

    public static final int SNAPSHOTS_PER_DAY_MAX = 1_000_000;

    public ExpiryGrantTerms {
        Terms.require(minimumAgeSeconds >= 0 && minimumAgeSeconds <= MINIMUM_AGE_SECONDS_MAX, "minimum age");
        Terms.require(snapshotsPerDayMax > 0 && snapshotsPerDayMax <= SNAPSHOTS_PER_DAY_MAX, "snapshots per day");
        Terms.requireIssue(sequence, issuedAt, notAfter);
    }
}
