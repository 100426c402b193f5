package sago.common.trust;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.util.List;
import org.junit.jupiter.api.Test;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.id.Hash;
import sago.common.sign.SigningKey;

final class SiteGrantsTest {
    private final SiteTerms terms = Sample.site("SG", "internal", "personal");
    private final ByteString grant = SiteGrants.sign(Sample.ORDER, terms);
    private final GrantPinTerms pin = GrantPins.of(terms, grant);

    @Test
    void givesBackTheTermsAtHomeAndAtTheSite() throws FaultException {
        assertThat(SiteGrants.verify(grant, Sample.HOME)).isEqualTo(terms);
        assertThat(SiteGrants.verify(grant, pin, Sample.SITE)).isEqualTo(terms);
    }

    @Test
    void refusesAtTheSiteAnyGrantButThePinnedOne() {
        ByteString other = SiteGrants.sign(Sample.ORDER, Sample.site("SG", "secret"));
        Sample.refuses(Fault.PEER_REFUSED, () -> SiteGrants.verify(other, pin, Sample.SITE));
    }

    @Test
    void refusesAtTheSiteAGrantOfAHomeWhoseWordsWereNotShown() {
        HomeIdentity stranger = NodeIdentities.ofHome(Sample.VAULT, Sample.OTHER_ORDER.verifyingKey());
        SiteTerms foreign = withHome(stranger);
        ByteString other = SiteGrants.sign(Sample.OTHER_ORDER, foreign);
        GrantPinTerms mixed = new GrantPinTerms(
                Sample.VAULT,
                Sample.SITE.site(),
                Sample.HOME.fingerprint(),
                GrantPins.of(foreign, other).grantSha256());
        Sample.refuses(Fault.PEER_REFUSED, () -> SiteGrants.verify(other, mixed, Sample.SITE));
    }

    @Test
    void refusesAGrantForAnotherSite() {
        Sample.refuses(Fault.PEER_REFUSED, () -> SiteGrants.verify(grant, pin, Sample.OTHER_SITE));
    }

    @Test
    void refusesAGrantForTheSameSiteIdWithAnotherKey() {
        SiteIdentity copied = NodeIdentities.ofSite(Sample.SITE.site(), Sample.OTHER_SITE.key(), Sample.SITE.tlsSpki());
        Sample.refuses(Fault.PEER_REFUSED, () -> SiteGrants.verify(grant, pin, copied));
    }

    @Test
    void refusesAtHomeAGrantThatAnotherHomeSigned() {
        HomeIdentity stranger = NodeIdentities.ofHome(Sample.VAULT, Sample.OTHER_ORDER.verifyingKey());
        ByteString other = SiteGrants.sign(Sample.OTHER_ORDER, withHome(stranger));
        Sample.refuses(Fault.PEER_REFUSED, () -> SiteGrants.verify(other, Sample.HOME));
    }

    @Test
    void refusesAGrantThatTheSenderSignedInsteadOfOrder() {
        // A thief of the sender host has this key; the home that it names is his own invention.
        HomeIdentity invented = NodeIdentities.ofHome(Sample.VAULT, Sample.SENDER.verifyingKey());
        ByteString forged = SiteGrants.sign(Sample.SENDER, withHome(invented));
        Sample.refuses(Fault.PEER_REFUSED, () -> SiteGrants.verify(forged, Sample.HOME));
    }

    @Test
    void signsOnlyForItsOwnHome() {
        SigningKey other = Sample.OTHER_ORDER;
        Sample.refusesToBuild(() -> SiteGrants.sign(other, terms));
    }

    @Test
    void refusesBadTermsAtBirth() {
        Sample.refusesToBuild(() -> Sample.site("XX", "internal"));
        Sample.refusesToBuild(() -> Sample.site("SG"));
        Sample.refusesToBuild(() -> Sample.site("SG", "internal", "internal"));
        Sample.refusesToBuild(() -> Sample.site("SG", "no class"));
        Sample.refusesToBuild(() -> Sample.site("SG", classes(SiteTerms.CLASSES_MAX + 1)));
        assertThat(Sample.site("SG", classes(SiteTerms.CLASSES_MAX)).classes()).hasSize(SiteTerms.CLASSES_MAX);
    }

    @Test
    void refusesAnIdentityThatIsNotThePinnedOne() throws FaultException {
        Hash pinned = Sample.SITE.fingerprint();
        assertThat(NodeIdentities.readSite(Sample.SITE.bytes(), pinned)).isEqualTo(Sample.SITE);
        Sample.refuses(Fault.PEER_REFUSED, () -> NodeIdentities.readSite(Sample.OTHER_SITE.bytes(), pinned));
        Sample.refuses(Fault.INTEGRITY, () -> NodeIdentities.readSite(Sample.HOME.bytes()));
        Sample.refuses(Fault.INTEGRITY, () -> NodeIdentities.readHome(Sample.SITE.bytes()));
    }

    private static String[] classes(int count) {
        String[] classes = new String[count];
        for (int i = 0; i < count; i++) {
            classes[i] = "class-" + i;
        }
        return classes;
    }

    private static SiteTerms withHome(HomeIdentity home) {
        return new SiteTerms(
                Sample.VAULT,
                Sample.SITE.site(),
                "sg",
                "SG",
                List.of("internal"),
                Sample.SITE.fingerprint(),
                home,
                Sample.hash(1),
                11,
                Sample.NOW);
    }
}
