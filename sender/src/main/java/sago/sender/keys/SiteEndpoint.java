package sago.sender.keys;

import com.google.protobuf.ByteString;
import sago.common.id.Hash;
import sago.common.id.SiteId;
import sago.common.id.VaultId;
import sago.common.trust.SiteTerms;

/**
 * What a client needs to know of a site: where it is, how it proves who it is, and the grant that it is shown on first contact.
 *
 * @param tlsSpki pinned SHA-256 of the SubjectPublicKeyInfo of its TLS certificate
 * @param notAfter seconds since the epoch at which that certificate ends
 * @param terms of the site grant, verified
 * @param siteGrant the SignedEnvelope of the site grant
 * @param keyring the newest keyring and its counter, for a site that has an older one
 */
public record SiteEndpoint(
        SiteAddress address,
        Hash tlsSpki,
        long notAfter,
        SiteTerms terms,
        ByteString siteGrant,
        StoredKeyring keyring) {
    public String name() {
        return terms.siteName();
    }

    public SiteId site() {
        return terms.site();
    }

    public VaultId vault() {
        return terms.vault();
    }

    public String jurisdiction() {
        return terms.jurisdiction();
    }

    /** Pinned SHA-256 of the site's NodeIdentity. */
    public Hash fingerprint() {
        return terms.siteFingerprint();
    }
}
