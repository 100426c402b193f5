package sago.common.trust;

import sago.common.id.Hash;
import sago.common.id.SiteId;

/**
 * What a new site shows to home.
 *
 * @param identityFingerprint SHA-256 of the site's NodeIdentity bytes
 * @param tlsSpki SHA-256 of the SubjectPublicKeyInfo of its TLS certificate
 * @param notAfter seconds since the epoch at which its TLS identity ends
 */
public record SiteRequestTerms(
        SiteId site, String name, String jurisdiction, Hash identityFingerprint, Hash tlsSpki, long notAfter) {
    public SiteRequestTerms {
        Terms.require(Names.isName(name), "no name of a site");
        Terms.require(Names.isJurisdiction(jurisdiction), "no jurisdiction of ISO 3166");
        Terms.require(notAfter > 0, "no end of its identity");
        Terms.requireTime(notAfter);
    }
}
