package sago.common.trust;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.util.Map;
import org.junit.jupiter.api.Test;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.id.DatasetId;
import sago.common.id.Hash;
import sago.common.id.SessionId;
import sago.common.id.SiteId;
import sago.common.proto.SessionHeader;
import sago.common.proto.SessionOpen;
import sago.common.sign.Hashes;
import sago.common.sign.SignedType;
import sago.common.sign.SignerRole;

final class SessionOpensTest {
    private static final SiteId HERE = Sample.SITE.site();

    private final ByteString nonce = ByteString.copyFrom(Sample.hash(33).toBytes());
    private final ByteString header = SessionHeaders.build(Sample.header());
    private final SessionTerms terms = Sample.session(nonce, Hashes.sha256(header));
    private final ByteString open = SessionOpens.sign(Sample.SENDER, terms);

    @Test
    void givesBackTheTermsToTheSiteAndConnectionThatTheyAreFor() throws FaultException {
        assertThat(SessionOpens.verifyAtSite(open, Sample.dataset(), HERE, nonce, header))
                .isEqualTo(terms);
    }

    @Test
    void refusesOneThatWasSignedForAnotherSiteOrConnection() {
        ByteString otherNonce = ByteString.copyFrom(Sample.hash(34).toBytes());
        refuses(open, Sample.dataset(), Sample.OTHER_SITE.site(), nonce, header);
        refuses(open, Sample.dataset(), HERE, otherNonce, header);
    }

    @Test
    void refusesOneByAnotherSender() {
        refuses(SessionOpens.sign(Sample.ORDER, terms), Sample.dataset(), HERE, nonce, header);
    }

    @Test
    void refusesOneUnderAnotherGrant() {
        DatasetTerms later = Sample.dataset(Map.of(), 0).withIssue(13, Sample.NOW);
        refuses(open, later, HERE, nonce, header);
    }

    @Test
    void refusesAnotherHeaderThanWasSigned() {
        SessionHeaderTerms sound = Sample.header();
        ByteString other = SessionHeaders.build(new SessionHeaderTerms(
                sound.vault(),
                sound.dataset(),
                sound.keyEpoch(),
                sound.session(),
                sound.enc(),
                ByteString.copyFrom(new byte[47]).concat(ByteString.copyFrom(new byte[] {1})),
                sound.replaces()));
        refuses(open, Sample.dataset(), HERE, nonce, other);
    }

    @Test
    void refusesAHeaderOfAnotherSessionDatasetOrEpochEvenIfItWasSigned() {
        refusesHeader(new SessionHeaderTerms(
                Sample.VAULT,
                Sample.DATASET,
                1,
                new SessionId(9, 9),
                Sample.header().enc(),
                Sample.header().sealedKey(),
                Hash.ZERO));
        refusesHeader(new SessionHeaderTerms(
                Sample.VAULT,
                new DatasetId(9, 9),
                1,
                Sample.SESSION,
                Sample.header().enc(),
                Sample.header().sealedKey(),
                Hash.ZERO));
        refusesHeader(new SessionHeaderTerms(
                Sample.VAULT,
                Sample.DATASET,
                2,
                Sample.SESSION,
                Sample.header().enc(),
                Sample.header().sealedKey(),
                Hash.ZERO));
    }

    @Test
    void refusesToOpenWithAHeaderThatReplacesAnother() throws FaultException {
        SessionHeaderTerms resealed = resealed(Sample.DATASET, Sample.hash(77));
        assertThat(SessionHeaders.read(SessionHeaders.build(resealed))).isEqualTo(resealed);
        refusesHeader(resealed);
    }

    static SessionHeaderTerms resealed(DatasetId dataset, Hash replaces) {
        return new SessionHeaderTerms(
                Sample.VAULT,
                dataset,
                1,
                Sample.SESSION,
                Sample.header().enc(),
                Sample.header().sealedKey(),
                replaces);
    }

    @Test
    void refusesAGeometryThatNoPackHas() throws Exception {
        SessionOpen sound = SessionOpen.parseFrom(
                Sample.SENDER.verifyingKey().verify(open, SignerRole.SENDER, SignedType.SESSION_OPEN));
        for (SessionOpen bad : new SessionOpen[] {
            sound.toBuilder().setSegmentBytes(0).build(),
            sound.toBuilder().setSegmentBytes(-1).build(),
            sound.toBuilder().setSegmentBytes(300_000).build(),
            sound.toBuilder().setPackBytes(Integer.MIN_VALUE).build(),
            sound.toBuilder().setPackBytes(1 << 30).build()
        }) {
            ByteString signed = Sample.SENDER.sign(SignerRole.SENDER, SignedType.SESSION_OPEN, bad);
            Sample.refuses(
                    Fault.INTEGRITY, () -> SessionOpens.verifyAtSite(signed, Sample.dataset(), HERE, nonce, header));
        }
    }

    @Test
    void boundsHeadersAndRefusesOtherSuites() throws Exception {
        SessionHeader sound = SessionHeader.parseFrom(header);
        Sample.refuses(
                Fault.VERSION,
                () -> SessionHeaders.read(sound.toBuilder().setSuite(2).build().toByteString()));
        Sample.refuses(
                Fault.INTEGRITY,
                () -> SessionHeaders.read(sound.toBuilder().clearEnc().build().toByteString()));
        Sample.refuses(
                Fault.LIMIT,
                () -> SessionHeaders.read(sound.toBuilder()
                        .setEnc(ByteString.copyFrom(new byte[SessionHeaders.BYTES_MAX]))
                        .build()
                        .toByteString()));
        assertThat(header.size()).isLessThan(SessionHeaders.BYTES_MAX);
        assertThat(SessionHeaders.read(header)).isEqualTo(Sample.header());
    }

    private void refusesHeader(SessionHeaderTerms changed) {
        ByteString other = SessionHeaders.build(changed);
        ByteString signed = SessionOpens.sign(Sample.SENDER, Sample.session(nonce, Hashes.sha256(other)));
        refuses(signed, Sample.dataset(), HERE, nonce, other);
    }

    private static void refuses(ByteString open, DatasetTerms grant, SiteId self, ByteString nonce, ByteString header) {
        Sample.refuses(Fault.PEER_REFUSED, () -> SessionOpens.verifyAtSite(open, grant, self, nonce, header));
    }
}
