package sago.receiver.accept;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.util.Set;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.id.Hash;
import sago.common.id.VaultId;
import sago.common.proto.Hello;
import sago.common.protocol.ClientRole;
import sago.common.protocol.ProtocolVersion;
import sago.common.time.Clock;
import sago.common.trust.ClientGrants;
import sago.common.trust.DatasetGrants;
import sago.common.trust.DatasetTerms;
import sago.common.trust.SiteTerms;
import sago.receiver.serve.Scope;
import sago.receiver.store.SiteStore;

/** Judges who may come in, and as what. Runs on store threads; thread-safe. */
final class Doorkeeper {
    static final int PROTOCOL = ProtocolVersion.CURRENT;

    private final Membership membership;
    private final SiteStore store;
    private final Clock clock;

    Doorkeeper(Membership membership, SiteStore store, Clock clock) {
        this.membership = membership;
        this.store = store;
        this.clock = clock;
    }

    /** VERSION unless both ends have a protocol in common. */
    static void checkProtocol(Hello hello) throws FaultException {
        int min = hello.getProtocolMin();
        int max = hello.getProtocolMax();
        if (min < 1 || max < min || min > PROTOCOL || max < PROTOCOL) {
            throw new FaultException(
                    Fault.VERSION,
                    "this site speaks protocol " + PROTOCOL + ", the client " + min + " to " + max
                            + ": use versions of sago that fit");
        }
    }

    /** Whether the full site grant has to be delivered before anybody can be judged. */
    boolean needsSiteGrant() throws FaultException {
        return membership.terms() == null;
    }

    /** Makes the delivered site grant durable. */
    void enrol(ByteString envelope) throws IOException {
        SiteTerms terms = membership.verify(envelope);
        store.storeSiteGrant(envelope);
        membership.enrolled(terms);
    }

    /**
     * What the client is, by its grant and the key that TLS proved; otherwise PEER_REFUSED, POLICY or INTEGRITY. A sender's grant is from now on
     * the lowest that is taken for its dataset: that is durable when this returns.
     */
    Admission judge(Hello hello, Hash spki) throws IOException {
        SiteTerms site = membership.terms();
        if (site == null) {
            throw new IllegalStateException("judged before the site grant was here");
        }
        ClientRole role = ClientRole.ofWireId(hello.getRole());
        boolean mayBeKit = role == ClientRole.RESTORE && hello.getGrant().isEmpty();
        // Whoever has lost everything but the kit does not know the vault's id: the kit's own key is looked at instead.
        if (!(mayBeKit && hello.getVault().isEmpty())
                && (hello.getVault().size() != VaultId.BYTES
                        || !VaultId.of(hello.getVault().toByteArray()).equals(site.vault()))) {
            throw refused("this site belongs to another home than the client; check the address");
        }
        return switch (role) {
            case APPEND -> sender(hello.getGrant(), site, spki);
            case RESTORE, AUDIT, ADMIN -> reader(role, hello.getGrant(), site, spki);
        };
    }

    private Admission sender(ByteString grant, SiteTerms site, Hash spki) throws IOException {
        DatasetTerms terms = DatasetGrants.verifyAtSite(grant, site, nowSeconds());
        if (!terms.senderTlsSpki().equals(spki)) {
            throw refused(
                    "the dataset grant is for another sender's TLS key; at home, make a new grant for this sender");
        }
        store.showGrant(terms, grant);
        return new Admission(ClientRole.APPEND, site, spki, terms, grant, Scope.of(Set.of(terms.dataset())));
    }

    private Admission reader(ClientRole role, ByteString grant, SiteTerms site, Hash spki) throws FaultException {
        boolean isKit = role == ClientRole.RESTORE && grant.isEmpty();
        if (isKit && !site.kitTlsSpki().equals(spki)) {
            throw refused("only the key of the recovery kit may restore without a grant, and this is another one");
        }
        Scope scope = isKit
                ? Scope.ALL
                : Scope.of(ClientGrants.verifyAtSite(grant, site, spki, role.wireId(), nowSeconds())
                        .datasets());
        return new Admission(role, site, spki, null, grant, scope);
    }

    private long nowSeconds() {
        return clock.wallMs() / 1000;
    }

    private static FaultException refused(String message) {
        return new FaultException(Fault.PEER_REFUSED, message);
    }
}
