package sago.common.trust;

import java.util.HashSet;
import java.util.List;
import sago.common.id.Hash;
import sago.common.id.SiteId;
import sago.common.id.VaultId;

/**
 * Terms of a site's membership in a vault.
 *
 * @param classes data classes that may be stored there
 * @param siteFingerprint SHA-256 of the site's NodeIdentity bytes
 * @param home identity of home; carries the order key
 * @param kitTlsSpki TLS client key that is derived from the kit: may restore without any further grant
 * @param sequence grows with every grant of the vault
 * @param issuedAt seconds since the epoch, for printing
 */
public record SiteTerms(
        VaultId vault,
        SiteId site,
        String siteName,
        String jurisdiction,
        List<String> classes,
        Hash siteFingerprint,
        HomeIdentity home,
        Hash kitTlsSpki,
        long sequence,
        long issuedAt) {
    static final int CLASSES_MAX = 32;

    public SiteTerms {
        classes = List.copyOf(classes);
        Terms.require(Names.isName(siteName), "no name of a site");
        Terms.require(Names.isJurisdiction(jurisdiction), "no jurisdiction of ISO 3166");
        Terms.require(!classes.isEmpty() && classes.size() <= CLASSES_MAX, "number of data classes");
        Terms.require(classes.stream().allMatch(Names::isName), "no name of a data class");
        Terms.require(new HashSet<>(classes).size() == classes.size(), "a data class stands there twice");
        Terms.require(home.vault().equals(vault), "home is of another vault");
        Terms.require(sequence > 0, "sequence");
        Terms.requireTime(issuedAt);
    }
}
