package sago.common.trust;

import sago.common.id.Hash;
import sago.common.id.SiteId;
import sago.common.id.VaultId;

/**
 * What home shows to a new site: which home it is, and the hash of the full grant that the first client will deliver.
 *
 * @param site the site for which it is meant
 * @param homeFingerprint SHA-256 of home's NodeIdentity bytes
 * @param grantSha256 SHA-256 of the bytes of the SignedEnvelope of the site grant
 */
public record GrantPinTerms(VaultId vault, SiteId site, Hash homeFingerprint, Hash grantSha256) {}
