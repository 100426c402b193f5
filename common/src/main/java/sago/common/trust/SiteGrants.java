package sago.common.trust;

import com.google.protobuf.ByteString;
import sago.common.fault.FaultException;
import sago.common.id.SiteId;
import sago.common.id.VaultId;
import sago.common.proto.SiteGrant;
import sago.common.sign.Envelopes;
import sago.common.sign.Fingerprint;
import sago.common.sign.Hashes;
import sago.common.sign.SignedType;
import sago.common.sign.SignerRole;
import sago.common.sign.SigningKey;

/** Signing and verifying site grants. Stateless; any thread. */
public final class SiteGrants {
    private SiteGrants() {}

    public static ByteString sign(SigningKey order, SiteTerms terms) {
        Terms.require(order.verifyingKey().equals(terms.home().order()), "the order key is not that of home");
        SiteGrant grant = SiteGrant.newBuilder()
                .setFormat(Terms.FORMAT)
                .setVault(Terms.bytes(terms.vault().toBytes()))
                .setSite(Terms.bytes(terms.site().toBytes()))
                .setSiteName(terms.siteName())
                .setJurisdiction(terms.jurisdiction())
                .addAllClasses(terms.classes())
                .setSiteFingerprint(Terms.bytes(terms.siteFingerprint()))
                .setHomeIdentity(terms.home().bytes())
                .setKitTlsSpki(Terms.bytes(terms.kitTlsSpki()))
                .setSequence(terms.sequence())
                .setIssuedAt(terms.issuedAt())
                .build();
        return order.sign(SignerRole.ORDER, SignedType.SITE_GRANT, grant);
    }

    /** At home: the grant must be signed by home's own order key. */
    public static SiteTerms verify(ByteString envelope, HomeIdentity home) throws FaultException {
        ByteString payload = home.order().verify(envelope, SignerRole.ORDER, SignedType.SITE_GRANT);
        SiteTerms terms = read(payload);
        Terms.demand(
                terms.home().bytes().equals(home.bytes()),
                "the grant of site " + terms.siteName() + " is of another home");
        return terms;
    }

    /**
     * At the site: the grant must be the one that was pinned when the site was enrolled, signed by the home whose
     * fingerprint was pinned, and for this site.
     */
    public static SiteTerms verify(ByteString envelope, GrantPinTerms pin, SiteIdentity self) throws FaultException {
        Terms.demand(
                Hashes.sha256(envelope).equals(pin.grantSha256()),
                "the site grant is not the one that this site was given: run `sago site add` at home again and"
                        + " `sago receiver grant` here with the new grant");
        HomeIdentity home = read(Envelopes.unverifiedPayload(envelope, SignedType.SITE_GRANT))
                .home();
        Terms.demand(
                home.fingerprint().equals(pin.homeFingerprint()) && home.vault().equals(pin.vault()),
                "the site grant comes from home " + Fingerprint.words(home.fingerprint()) + ", this site was given to "
                        + Fingerprint.words(pin.homeFingerprint()));
        SiteTerms terms = verify(envelope, home);
        Terms.demand(
                terms.site().equals(self.site())
                        && pin.site().equals(self.site())
                        && terms.siteFingerprint().equals(self.fingerprint()),
                "the site grant is for site " + terms.siteName() + ", " + Fingerprint.words(terms.siteFingerprint())
                        + ", not for this one, " + Fingerprint.words(self.fingerprint()));
        return terms;
    }

    private static SiteTerms read(ByteString payload) throws FaultException {
        return Terms.read("site grant", payload, SiteGrant.parser(), grant -> {
            Terms.checkFormat("site grant", grant.getFormat());
            return new SiteTerms(
                    VaultId.of(grant.getVault().toByteArray()),
                    SiteId.of(grant.getSite().toByteArray()),
                    grant.getSiteName(),
                    grant.getJurisdiction(),
                    grant.getClassesList(),
                    Terms.hash(grant.getSiteFingerprint()),
                    NodeIdentities.readHome(grant.getHomeIdentity()),
                    Terms.hash(grant.getKitTlsSpki()),
                    grant.getSequence(),
                    grant.getIssuedAt());
        });
    }
}
