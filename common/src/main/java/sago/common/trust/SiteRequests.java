package sago.common.trust;

import com.google.protobuf.ByteString;
import sago.common.fault.FaultException;
import sago.common.id.SiteId;
import sago.common.proto.SiteRequest;

/** The text {@code sago-req1:…} that a new site shows to home. Stateless; any thread. */
public final class SiteRequests {
    public static final String PREFIX = "sago-req1:";

    private static final String ADVICE = "Copy the whole line that `sago receiver init` printed at the site, from "
            + PREFIX + " to its end, or hand over its file";

    private SiteRequests() {}

    public static String text(SiteRequestTerms terms) {
        SiteRequest request = SiteRequest.newBuilder()
                .setFormat(Terms.FORMAT)
                .setSite(Terms.bytes(terms.site().toBytes()))
                .setName(terms.name())
                .setJurisdiction(terms.jurisdiction())
                .setIdentityFingerprint(Terms.bytes(terms.identityFingerprint()))
                .setTlsSpki(Terms.bytes(terms.tlsSpki()))
                .setNotAfter(terms.notAfter())
                .build();
        return EnrolmentText.encode(PREFIX, request.toByteString());
    }

    /** USAGE, with what to do, for a damaged text; VERSION for one of a newer program. */
    public static SiteRequestTerms parse(String text) throws FaultException {
        ByteString bytes = EnrolmentText.decode(PREFIX, text, ADVICE);
        try {
            return Terms.read("site request", bytes, SiteRequest.parser(), request -> {
                Terms.checkFormat("site request", request.getFormat());
                return new SiteRequestTerms(
                        SiteId.of(request.getSite().toByteArray()),
                        request.getName(),
                        request.getJurisdiction(),
                        Terms.hash(request.getIdentityFingerprint()),
                        Terms.hash(request.getTlsSpki()),
                        request.getNotAfter());
            });
        } catch (FaultException e) {
            throw EnrolmentText.asUsage(e, ADVICE);
        }
    }
}
