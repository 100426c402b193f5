package sago.common.trust;

import com.google.protobuf.ByteString;
import java.util.Map;
import java.util.TreeMap;
import sago.common.fault.FaultException;
import sago.common.id.DatasetId;
import sago.common.id.SiteId;
import sago.common.id.VaultId;
import sago.common.proto.DatasetGrant;
import sago.common.proto.GrantedSite;
import sago.common.sign.SignedType;
import sago.common.sign.SignerRole;
import sago.common.sign.SigningKey;
import sago.common.sign.VerifyingKey;

/** Signing and verifying dataset grants. Stateless; any thread. */
public final class DatasetGrants {
    private DatasetGrants() {}

    public static ByteString sign(SigningKey order, DatasetTerms terms) {
        DatasetGrant.Builder grant = DatasetGrant.newBuilder()
                .setFormat(Terms.FORMAT)
                .setVault(Terms.bytes(terms.vault().toBytes()))
                .setDataset(Terms.bytes(terms.dataset().toBytes()))
                .setDataClass(terms.dataClass())
                .setKeyEpoch(terms.keyEpoch())
                .setDatasetPublicKey(terms.publicKey())
                .setSenderKey(terms.sender().toProto())
                .setSenderTlsSpki(Terms.bytes(terms.senderTlsSpki()))
                .setPolicySha256(Terms.bytes(terms.policySha256()))
                .setSequence(terms.sequence())
                .setIssuedAt(terms.issuedAt())
                .setNotAfter(terms.notAfter());
        terms.sites()
                .forEach((site, jurisdiction) -> grant.addSites(GrantedSite.newBuilder()
                        .setSite(Terms.bytes(site.toBytes()))
                        .setJurisdiction(jurisdiction)));
        return order.sign(SignerRole.ORDER, SignedType.DATASET_GRANT, grant.build());
    }

    /**
     * The checks that both ends make: signed by the pinned order key (PEER_REFUSED for another key or role, INTEGRITY for a damaged
     * one), of this vault and not ended (PEER_REFUSED).
     */
    public static DatasetTerms verify(ByteString envelope, VerifyingKey order, VaultId vault, long nowSeconds)
            throws FaultException {
        DatasetTerms terms = read(order.verify(envelope, SignerRole.ORDER, SignedType.DATASET_GRANT));
        Terms.demand(terms.vault().equals(vault), "the dataset grant is of another vault");
        Terms.checkNotAfter("dataset grant", terms.notAfter(), nowSeconds);
        return terms;
    }

    /** At a site: all of {@link #verify} under the order key of the site's own grant, and allowed here (POLICY). */
    public static DatasetTerms verifyAtSite(ByteString envelope, SiteTerms self, long nowSeconds)
            throws FaultException {
        DatasetTerms terms = verify(envelope, self.home().order(), self.vault(), nowSeconds);
        terms.requireAllowedAt(self);
        return terms;
    }

    private static DatasetTerms read(ByteString payload) throws FaultException {
        return Terms.read("dataset grant", payload, DatasetGrant.parser(), grant -> {
            Terms.checkFormat("dataset grant", grant.getFormat());
            Map<SiteId, String> sites = new TreeMap<>();
            for (GrantedSite site : grant.getSitesList()) {
                String before = sites.put(SiteId.of(site.getSite().toByteArray()), site.getJurisdiction());
                Terms.require(before == null, "a site stands there twice");
            }
            return new DatasetTerms(
                    VaultId.of(grant.getVault().toByteArray()),
                    DatasetId.of(grant.getDataset().toByteArray()),
                    grant.getDataClass(),
                    grant.getKeyEpoch(),
                    grant.getDatasetPublicKey(),
                    VerifyingKey.of(grant.getSenderKey()),
                    Terms.hash(grant.getSenderTlsSpki()),
                    sites,
                    Terms.hash(grant.getPolicySha256()),
                    grant.getSequence(),
                    grant.getIssuedAt(),
                    grant.getNotAfter());
        });
    }
}
