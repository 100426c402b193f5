package sago.common.trust;

import com.google.protobuf.ByteString;
import java.util.HashSet;
import java.util.Set;
import sago.common.fault.FaultException;
import sago.common.id.DatasetId;
import sago.common.id.Hash;
import sago.common.id.VaultId;
import sago.common.proto.ClientGrant;
import sago.common.sign.SignedType;
import sago.common.sign.SignerRole;
import sago.common.sign.SigningKey;

/** Signing and verifying client grants. Stateless; any thread. */
public final class ClientGrants {
    private ClientGrants() {}

    public static ByteString sign(SigningKey order, ClientTerms terms) {
        ClientGrant.Builder grant = ClientGrant.newBuilder()
                .setFormat(Terms.FORMAT)
                .setVault(Terms.bytes(terms.vault().toBytes()))
                .setTlsSpki(Terms.bytes(terms.tlsSpki()))
                .addAllRoles(terms.roles())
                .setSequence(terms.sequence())
                .setIssuedAt(terms.issuedAt())
                .setNotAfter(terms.notAfter());
        terms.datasets().forEach(dataset -> grant.addDatasets(Terms.bytes(dataset.toBytes())));
        return order.sign(SignerRole.ORDER, SignedType.CLIENT_GRANT, grant.build());
    }

    /** Signed by home's order key, of its vault and not ended. */
    public static ClientTerms verify(ByteString envelope, HomeIdentity home, long nowSeconds) throws FaultException {
        ClientTerms terms = read(home.order().verify(envelope, SignerRole.ORDER, SignedType.CLIENT_GRANT));
        Terms.demand(terms.vault().equals(home.vault()), "the client grant is of another vault");
        Terms.checkNotAfter("client grant", terms.notAfter(), nowSeconds);
        return terms;
    }

    /** At a site: also for the TLS key that the client showed, and for the role that it asks for (a ClientRole wire id). */
    public static ClientTerms verifyAtSite(
            ByteString envelope, SiteTerms self, Hash shownTlsSpki, int role, long nowSeconds) throws FaultException {
        ClientTerms terms = verify(envelope, self.home(), nowSeconds);
        Terms.demand(terms.tlsSpki().equals(shownTlsSpki), "the client grant is for another TLS key");
        Terms.demand(terms.roles().contains(role), "the client grant does not allow this role");
        return terms;
    }

    private static ClientTerms read(ByteString payload) throws FaultException {
        return Terms.read("client grant", payload, ClientGrant.parser(), grant -> {
            Terms.checkFormat("client grant", grant.getFormat());
            Set<Integer> roles = Set.copyOf(grant.getRolesList());
            Terms.require(roles.size() == grant.getRolesCount(), "a role stands there twice");
            Set<DatasetId> datasets = new HashSet<>();
            for (ByteString dataset : grant.getDatasetsList()) {
                Terms.require(datasets.add(DatasetId.of(dataset.toByteArray())), "a dataset stands there twice");
            }
            return new ClientTerms(
                    VaultId.of(grant.getVault().toByteArray()),
                    Terms.hash(grant.getTlsSpki()),
                    roles,
                    grant.getSequence(),
                    grant.getIssuedAt(),
                    grant.getNotAfter(),
                    datasets);
        });
    }
}
