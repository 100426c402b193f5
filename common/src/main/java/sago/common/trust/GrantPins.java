package sago.common.trust;

import com.google.protobuf.ByteString;
import sago.common.fault.FaultException;
import sago.common.id.SiteId;
import sago.common.id.VaultId;
import sago.common.proto.GrantPin;
import sago.common.sign.Hashes;

/** The text {@code sago-grant1:…} that home shows to a new site. Stateless; any thread. */
public final class GrantPins {
    public static final String PREFIX = "sago-grant1:";

    private static final String ADVICE = "Copy the whole line that `sago site add` printed at home, from " + PREFIX
            + " to its end, or hand over its file";

    private GrantPins() {}

    /** The pin of a signed site grant. */
    public static GrantPinTerms of(SiteTerms terms, ByteString siteGrantEnvelope) {
        return new GrantPinTerms(
                terms.vault(), terms.site(), terms.home().fingerprint(), Hashes.sha256(siteGrantEnvelope));
    }

    public static String text(GrantPinTerms terms) {
        GrantPin pin = GrantPin.newBuilder()
                .setFormat(Terms.FORMAT)
                .setVault(Terms.bytes(terms.vault().toBytes()))
                .setSite(Terms.bytes(terms.site().toBytes()))
                .setHomeFingerprint(Terms.bytes(terms.homeFingerprint()))
                .setGrantSha256(Terms.bytes(terms.grantSha256()))
                .build();
        return EnrolmentText.encode(PREFIX, pin.toByteString());
    }

    /** USAGE, with what to do, for a damaged text; VERSION for one of a newer program. */
    public static GrantPinTerms parse(String text) throws FaultException {
        ByteString bytes = EnrolmentText.decode(PREFIX, text, ADVICE);
        try {
            return Terms.read("grant", bytes, GrantPin.parser(), pin -> {
                Terms.checkFormat("grant", pin.getFormat());
                return new GrantPinTerms(
                        VaultId.of(pin.getVault().toByteArray()),
                        SiteId.of(pin.getSite().toByteArray()),
                        Terms.hash(pin.getHomeFingerprint()),
                        Terms.hash(pin.getGrantSha256()));
            });
        } catch (FaultException e) {
            throw EnrolmentText.asUsage(e, ADVICE);
        }
    }
}
