package sago.sender.keys;

import com.google.protobuf.ByteString;
import java.util.List;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.id.Hash;
import sago.common.trust.HomeIdentity;
import sago.common.trust.SiteGrants;
import sago.common.trust.SiteRequestTerms;
import sago.common.trust.SiteTerms;
import sago.sender.proto.SiteRecord;

/** Making and reading site records. Stateless; any thread. */
final class SiteRecords {
    private SiteRecords() {}

    static SiteRecord of(SiteRequestTerms request, SiteAddress address, List<String> classes, ByteString siteGrant) {
        return SiteRecord.newBuilder()
                .setFormat(1)
                .setName(request.name())
                .setJurisdiction(request.jurisdiction())
                .setAddress(address.toString())
                .setSite(ByteString.copyFrom(request.site().toBytes()))
                .setIdentityFingerprint(bytes(request.identityFingerprint()))
                .setTlsSpki(bytes(request.tlsSpki()))
                .setNotAfter(request.notAfter())
                .setSiteGrant(siteGrant)
                .addAllClasses(classes)
                .build();
    }

    /** The endpoint of a record whose grant is home's and says what the record says; otherwise PEER_REFUSED or INTEGRITY. */
    static SiteEndpoint endpoint(SiteRecord record, HomeIdentity home, StoredKeyring keyring) throws FaultException {
        if (record.getFormat() != 1) {
            throw new FaultException(
                    Fault.VERSION,
                    "the record of a site has format " + record.getFormat() + ": update sago on this machine");
        }
        SiteTerms terms = SiteGrants.verify(record.getSiteGrant(), home);
        if (!terms.siteName().equals(record.getName())
                || !terms.jurisdiction().equals(record.getJurisdiction())
                || !terms.classes().equals(record.getClassesList())
                || !ByteString.copyFrom(terms.site().toBytes()).equals(record.getSite())
                || !bytes(terms.siteFingerprint()).equals(record.getIdentityFingerprint())
                || record.getTlsSpki().size() != Hash.BYTES) {
            throw new FaultException(
                    Fault.INTEGRITY,
                    "the record of site " + terms.siteName()
                            + " does not match the grant in it. Put back a copy of this file, or enrol the site again");
        }
        return new SiteEndpoint(
                SiteAddress.parse(record.getAddress()),
                Hash.of(record.getTlsSpki().toByteArray()),
                record.getNotAfter(),
                terms,
                record.getSiteGrant(),
                keyring);
    }

    private static ByteString bytes(Hash hash) {
        return ByteString.copyFrom(hash.toBytes());
    }
}
