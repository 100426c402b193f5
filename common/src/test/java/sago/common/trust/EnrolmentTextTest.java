package sago.common.trust;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import org.junit.jupiter.api.Test;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.proto.SiteRequest;

final class EnrolmentTextTest {
    private static final SiteRequestTerms REQUEST = new SiteRequestTerms(
            Sample.SITE.site(), "sg", "SG", Sample.SITE.fingerprint(), Sample.hash(70), 2_000_000_000);
    private static final GrantPinTerms PIN =
            new GrantPinTerms(Sample.VAULT, Sample.SITE.site(), Sample.HOME.fingerprint(), Sample.hash(9));

    private final String request = SiteRequests.text(REQUEST);
    private final String pin = GrantPins.text(PIN);

    @Test
    void bringsTermsToTheOtherSide() throws FaultException {
        assertThat(SiteRequests.parse(request)).isEqualTo(REQUEST);
        assertThat(GrantPins.parse(pin)).isEqualTo(PIN);
    }

    @Test
    void isShortEnoughToCopyAndUsesNoCharacterThatShellsChange() {
        assertThat(request).matches("sago-req1:[A-Za-z0-9_-]+").hasSizeLessThan(256);
        assertThat(pin).matches("sago-grant1:[A-Za-z0-9_-]+").hasSizeLessThan(256);
    }

    @Test
    void pinsTheTextOfARequest() {
        assertThat(SiteRequests.text(new SiteRequestTerms(
                        Sample.SITE.site(), "sg", "SG", Sample.hash(1), Sample.hash(2), 2_000_000_000)))
                .isEqualTo(
                        "sago-req1:CAESEAAAAAAAAAAHAAAAAAAAAAcaAnNnIgJTRyogS_USLzRFVMU73i67jNK349FgCtYxw4Wl18ziPHeFRZoyINvBtMkA"
                                + "_-SNV1tdpcY4BAEl9l2w_j4kSUt26phkV9mGOICo1rkHn3W2Pw");
    }

    @Test
    void readsATextThatWasBrokenIntoLines() throws FaultException {
        assertThat(SiteRequests.parse("  " + request.substring(0, 60) + "\r\n\t" + request.substring(60) + "\n"))
                .isEqualTo(REQUEST);
    }

    @Test
    void refusesEveryTextWithOneCharacterMissingOrChanged() {
        for (int i = 0; i < request.length(); i++) {
            String before = request.substring(0, i);
            String after = request.substring(i + 1);
            Sample.refuses(Fault.USAGE, () -> SiteRequests.parse(before + after));
            char other = request.charAt(i) == 'A' ? 'B' : 'A';
            Sample.refuses(Fault.USAGE, () -> SiteRequests.parse(before + other + after));
        }
    }

    @Test
    void refusesWhatIsNoSuchText() {
        Sample.refuses(Fault.USAGE, () -> SiteRequests.parse(""));
        Sample.refuses(Fault.USAGE, () -> SiteRequests.parse(SiteRequests.PREFIX));
        Sample.refuses(Fault.USAGE, () -> SiteRequests.parse(pin));
        Sample.refuses(Fault.USAGE, () -> GrantPins.parse(request));
        Sample.refuses(Fault.USAGE, () -> SiteRequests.parse("A".repeat(10_000_000)));
        Sample.refuses(Fault.USAGE, () -> SiteRequests.parse(request + "é"));
    }

    @Test
    void refusesBadValuesInASoundText() throws Exception {
        SiteRequest sound = SiteRequest.parseFrom(EnrolmentText.decode(SiteRequests.PREFIX, request, ""));
        refuses(Fault.USAGE, sound.toBuilder().setName("../etc"));
        refuses(Fault.USAGE, sound.toBuilder().setName("SG"));
        refuses(Fault.USAGE, sound.toBuilder().setName(""));
        refuses(Fault.USAGE, sound.toBuilder().setName("a".repeat(65)));
        refuses(Fault.USAGE, sound.toBuilder().setJurisdiction("XX"));
        refuses(Fault.USAGE, sound.toBuilder().setJurisdiction("sg"));
        refuses(Fault.USAGE, sound.toBuilder().setSite(ByteString.copyFrom(new byte[15])));
        refuses(Fault.USAGE, sound.toBuilder().setTlsSpki(ByteString.copyFrom(new byte[33])));
        refuses(Fault.USAGE, sound.toBuilder().setNotAfter(Long.MAX_VALUE));
        refuses(Fault.VERSION, sound.toBuilder().setFormat(2));
    }

    @Test
    void saysWhatToDo() {
        try {
            SiteRequests.parse(request.substring(0, request.length() - 3));
        } catch (FaultException e) {
            assertThat(e).hasMessageContaining("sago receiver init");
            return;
        }
        throw new AssertionError("a cut text was read");
    }

    private static void refuses(Fault fault, SiteRequest.Builder changed) {
        String text = EnrolmentText.encode(SiteRequests.PREFIX, changed.build().toByteString());
        Sample.refuses(fault, () -> SiteRequests.parse(text));
    }
}
