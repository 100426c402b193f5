package sago.common.trust;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.id.DatasetId;
import sago.common.id.Hash;
import sago.common.id.SiteId;
import sago.common.id.VaultId;
import sago.common.limits.Limits;
import sago.common.proto.RetireOrder;
import sago.common.sign.Hashes;
import sago.common.sign.SignedType;
import sago.common.sign.SignerRole;

/** Re-seal and retire orders: what a site takes, and with which fault it refuses the rest. */
final class OrdersTest {
    private static final SiteId HERE = Sample.SITE.site();

    private final SiteTerms site = Sample.site("SG", "personal");

    @Test
    void givesBackBothOrdersToTheSiteThatTheyAreFor() throws FaultException {
        ResealTerms reseal = reseal(List.of(header(1), header(2)));
        assertThat(Orders.verifyAtSite(Orders.sign(Sample.ORDER, reseal), site, Sample.NOW))
                .isEqualTo(reseal);
        RetireTerms retire = retire(Sample.VAULT, HERE, 0);
        assertThat(Orders.verifyAtSite(Orders.sign(Sample.ORDER, retire), site, Sample.NOW))
                .isEqualTo(retire);
    }

    @Test
    void refusesAnOrderOfAnotherKeyRoleTypeVaultOrSite() {
        refuses(Fault.PEER_REFUSED, Orders.sign(Sample.OTHER_ORDER, retire(Sample.VAULT, HERE, 0)));
        refuses(
                Fault.PEER_REFUSED,
                Sample.SENDER.sign(SignerRole.SENDER, SignedType.SESSION_OPEN, RetireOrder.getDefaultInstance()));
        refuses(Fault.PEER_REFUSED, SiteGrants.sign(Sample.ORDER, site));
        refuses(Fault.PEER_REFUSED, Orders.sign(Sample.ORDER, retire(Sample.OTHER_VAULT, HERE, 0)));
        refuses(Fault.PEER_REFUSED, Orders.sign(Sample.ORDER, retire(Sample.VAULT, Sample.OTHER_SITE.site(), 0)));
    }

    @Test
    void refusesAnOrderOnceItHasEnded() throws FaultException {
        ByteString ending = Orders.sign(Sample.ORDER, retire(Sample.VAULT, HERE, Sample.NOW));
        assertThat(Orders.verifyAtSite(ending, site, Sample.NOW).notAfter()).isEqualTo(Sample.NOW);
        Sample.refuses(Fault.PEER_REFUSED, () -> Orders.verifyAtSite(ending, site, Sample.NOW + 1));
    }

    @Test
    void refusesAFlippedSignatureAndSignedTermsThatAreNotSound() throws FaultException {
        ByteString sound = Orders.sign(Sample.ORDER, retire(Sample.VAULT, HERE, 0));
        byte[] flipped = sound.toByteArray();
        flipped[flipped.length - 1] ^= 1;
        refuses(Fault.INTEGRITY, ByteString.copyFrom(flipped));
        RetireOrder zero = RetireOrder.newBuilder().setFormat(1).build();
        refuses(Fault.INTEGRITY, Sample.ORDER.sign(SignerRole.ORDER, SignedType.RETIRE_ORDER, zero));
        RetireOrder later = zero.toBuilder().setFormat(2).build();
        refuses(Fault.VERSION, Sample.ORDER.sign(SignerRole.ORDER, SignedType.RETIRE_ORDER, later));
    }

    @Test
    void refusesHeadersOfAnotherDatasetOrThatReplaceNothingOrTheSameTwice() {
        refuses(Fault.INTEGRITY, Orders.sign(Sample.ORDER, reseal(List.of(SessionHeaders.build(Sample.header())))));
        refuses(Fault.INTEGRITY, Orders.sign(Sample.ORDER, reseal(List.of(header(1), header(1)))));
        ByteString foreign = SessionHeaders.build(SessionOpensTest.resealed(new DatasetId(9, 9), Sample.hash(1)));
        refuses(Fault.INTEGRITY, Orders.sign(Sample.ORDER, reseal(List.of(foreign))));
        refuses(Fault.INTEGRITY, Orders.sign(Sample.ORDER, reseal(List.of(ByteString.copyFromUtf8("no header")))));
    }

    @Test
    void boundsHeadersSoThatTheLongestOrderFitsAMessage() throws FaultException {
        List<ByteString> most = new ArrayList<>();
        for (int i = 0; i < Limits.HEADERS_PER_ORDER_MAX; i++) {
            Hash replaced = Hashes.sha256(ByteString.copyFromUtf8("header " + i));
            most.add(SessionHeaders.build(SessionOpensTest.resealed(Sample.DATASET, replaced)));
        }
        ByteString longest = Orders.sign(Sample.ORDER, reseal(most));
        assertThat(longest.size()).isLessThan(Limits.MESSAGE_BYTES_MAX - 64);
        assertThat(Orders.verifyAtSite(longest, site, Sample.NOW)).isEqualTo(reseal(most));
        most.add(header(1));
        Sample.refusesToBuild(() -> reseal(most));
        Sample.refusesToBuild(() -> reseal(List.of()));
        Sample.refusesToBuild(() ->
                reseal(Collections.nCopies(1, ByteString.copyFrom(new byte[SessionHeaders.BYTES_MAX + 1]))));
    }

    /** Makes an order that says this of its issue. */
    private interface Issue {
        Object of(long sequence, long issuedAt, long notAfter);
    }

    @Test
    void refusesEachOfThemWithoutSequenceOrWithTimesThatCannotBePrinted() {
        long year10000 = 253_402_300_800L;
        List<Issue> all = List.of(
                (sequence, at, end) ->
                        new ResealTerms(Sample.VAULT, HERE, Sample.DATASET, sequence, at, end, List.of(header(1))),
                (sequence, at, end) -> new RetireTerms(Sample.VAULT, HERE, Sample.DATASET, sequence, at, end, 2),
                (sequence, at, end) -> new ExpireTerms(
                        Sample.VAULT,
                        HERE,
                        Sample.DATASET,
                        sequence,
                        at,
                        end,
                        List.of(Sample.hash(1)),
                        Sample.hash(2)));
        for (Issue issue : all) {
            assertThat(issue.of(1, 0, 0)).isNotNull();
            assertThat(issue.of(Long.MAX_VALUE, year10000 - 1, year10000 - 1)).isNotNull();
            Sample.refusesToBuild(() -> issue.of(0, 0, 0));
            Sample.refusesToBuild(() -> issue.of(-1, 0, 0));
            Sample.refusesToBuild(() -> issue.of(1, -1, 0));
            Sample.refusesToBuild(() -> issue.of(1, year10000, 0));
            Sample.refusesToBuild(() -> issue.of(1, 0, -1));
            Sample.refusesToBuild(() -> issue.of(1, 0, year10000));
        }
    }

    @Test
    void namesAnOrderByWhatWasSigned() throws FaultException {
        ByteString one = Orders.sign(Sample.ORDER, retire(Sample.VAULT, HERE, 0));
        ByteString other = Orders.sign(Sample.ORDER, retire(Sample.VAULT, HERE, Sample.NOW));
        assertThat(Orders.hash(one)).isNotEqualTo(Orders.hash(other)).isNotEqualTo(Hashes.sha256(one));
        Sample.refuses(Fault.PEER_REFUSED, () -> Orders.hash(SiteGrants.sign(Sample.ORDER, site)));
    }

    private void refuses(Fault fault, ByteString order) {
        Sample.refuses(fault, () -> Orders.verifyAtSite(order, site, Sample.NOW));
    }

    private static ByteString header(int replaced) {
        return SessionHeaders.build(SessionOpensTest.resealed(Sample.DATASET, Sample.hash(replaced)));
    }

    private static ResealTerms reseal(List<ByteString> headers) {
        return new ResealTerms(Sample.VAULT, HERE, Sample.DATASET, 21, Sample.NOW, 0, headers);
    }

    private static RetireTerms retire(VaultId vault, SiteId site, long notAfter) {
        return new RetireTerms(vault, site, Sample.DATASET, 22, Sample.NOW, notAfter, 2);
    }
}
