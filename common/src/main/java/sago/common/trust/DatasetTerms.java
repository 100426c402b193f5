package sago.common.trust;

import com.google.protobuf.ByteString;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.id.DatasetId;
import sago.common.id.Hash;
import sago.common.id.SiteId;
import sago.common.id.VaultId;
import sago.common.sign.VerifyingKey;

/**
 * Terms on which a sender may append to a dataset.
 *
 * @param keyEpoch epoch of the dataset key, from 1
 * @param publicKey X-Wing public key of the dataset, 1216 bytes
 * @param sender key that signs session opens and manifests
 * @param senderTlsSpki SHA-256 of the SubjectPublicKeyInfo of the sender's TLS certificate
 * @param sites sites that may hold the dataset, each with its jurisdiction
 * @param policySha256 hash of the policy that decided which sites these are
 * @param sequence grows with every grant of the vault; a site refuses one below the highest that it saw
 * @param issuedAt seconds since the epoch, for printing
 * @param notAfter seconds since the epoch at which it ends; 0 is no end
 */
public record DatasetTerms(
        VaultId vault,
        DatasetId dataset,
        String dataClass,
        int keyEpoch,
        ByteString publicKey,
        VerifyingKey sender,
        Hash senderTlsSpki,
        Map<SiteId, String> sites,
        Hash policySha256,
        long sequence,
        long issuedAt,
        long notAfter) {
    public static final int PUBLIC_KEY_BYTES = 1216;

    static final int SITES_MAX = 256;

    public DatasetTerms {
        sites = Collections.unmodifiableMap(new TreeMap<>(sites));
        Terms.require(Names.isName(dataClass), "no name of a data class");
        Terms.require(keyEpoch > 0, "key epoch");
        Terms.require(publicKey.size() == PUBLIC_KEY_BYTES, "length of the dataset public key");
        Terms.require(sites.size() <= SITES_MAX, "number of sites");
        Terms.require(sites.values().stream().allMatch(Names::isJurisdiction), "no jurisdiction of ISO 3166");
        Terms.requireIssue(sequence, issuedAt, notAfter);
    }

    /** The same terms, issued with another sequence at another time. */
    public DatasetTerms withIssue(long sequence, long issuedAt) {
        return new DatasetTerms(
                vault,
                dataset,
                dataClass,
                keyEpoch,
                publicKey,
                sender,
                senderTlsSpki,
                sites,
                policySha256,
                sequence,
                issuedAt,
                notAfter);
    }

    /**
     * Whether the dataset may go to this site, asked at home before a byte leaves and again by the site. PEER_REFUSED for a site of
     * another vault or one that the grant does not name, POLICY for a class or a jurisdiction that does not allow it.
     */
    public void requireAllowedAt(SiteTerms site) throws FaultException {
        Terms.demand(site.vault().equals(vault), "the dataset grant is of another vault than site " + site.siteName());
        String jurisdiction = sites.get(site.site());
        Terms.demand(
                jurisdiction != null,
                "the dataset grant does not name site " + site.siteName()
                        + ": at home, run `sago site add` or give this dataset a class that the site may hold");
        if (!site.jurisdiction().equals(jurisdiction)) {
            throw new FaultException(
                    Fault.POLICY,
                    "site " + site.siteName() + " is in " + site.jurisdiction() + ", the dataset grant allows it in "
                            + jurisdiction);
        }
        if (!site.classes().contains(dataClass)) {
            throw new FaultException(
                    Fault.POLICY,
                    "class " + dataClass + " may not be stored at site " + site.siteName() + " (" + site.jurisdiction()
                            + "), only " + String.join(", ", site.classes()));
        }
    }
}
