package sago.common.trust;

import com.google.protobuf.ByteString;
import java.util.HashSet;
import java.util.Set;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.id.DatasetId;
import sago.common.id.Hash;
import sago.common.id.SiteId;
import sago.common.id.VaultId;
import sago.common.limits.Limits;
import sago.common.proto.ExpireOrder;
import sago.common.proto.ResealOrder;
import sago.common.proto.RetireOrder;
import sago.common.sign.Envelopes;
import sago.common.sign.SignedType;
import sago.common.sign.SignerRole;
import sago.common.sign.SigningKey;

/** Signing and verifying orders. Stateless; any thread. */
public final class Orders {
    private Orders() {}

    public static ByteString sign(SigningKey order, ResealTerms terms) {
        ResealOrder reseal = ResealOrder.newBuilder()
                .setFormat(Terms.FORMAT)
                .setVault(Terms.bytes(terms.vault().toBytes()))
                .setSite(Terms.bytes(terms.site().toBytes()))
                .setDataset(Terms.bytes(terms.dataset().toBytes()))
                .setSequence(terms.sequence())
                .setIssuedAt(terms.issuedAt())
                .setNotAfter(terms.notAfter())
                .addAllHeaders(terms.headers())
                .build();
        return order.sign(SignerRole.ORDER, SignedType.RESEAL_ORDER, reseal);
    }

    public static ByteString sign(SigningKey order, RetireTerms terms) {
        RetireOrder retire = RetireOrder.newBuilder()
                .setFormat(Terms.FORMAT)
                .setVault(Terms.bytes(terms.vault().toBytes()))
                .setSite(Terms.bytes(terms.site().toBytes()))
                .setDataset(Terms.bytes(terms.dataset().toBytes()))
                .setSequence(terms.sequence())
                .setIssuedAt(terms.issuedAt())
                .setNotAfter(terms.notAfter())
                .setKeyEpoch(terms.keyEpoch())
                .build();
        return order.sign(SignerRole.ORDER, SignedType.RETIRE_ORDER, retire);
    }

    public static ByteString sign(SigningKey expiry, ExpireTerms terms) {
        ExpireOrder.Builder expire = ExpireOrder.newBuilder()
                .setFormat(Terms.FORMAT)
                .setVault(Terms.bytes(terms.vault().toBytes()))
                .setSite(Terms.bytes(terms.site().toBytes()))
                .setDataset(Terms.bytes(terms.dataset().toBytes()))
                .setSequence(terms.sequence())
                .setIssuedAt(terms.issuedAt())
                .setNotAfter(terms.notAfter())
                .setGrantSha256(Terms.bytes(terms.grant()));
        terms.manifests().forEach(manifest -> expire.addManifests(Terms.bytes(manifest)));
        return expiry.sign(SignerRole.EXPIRY, SignedType.EXPIRE_ORDER, expire.build());
    }

    /**
     * At a site: signed by the order key of its home, of its vault, for this site and not ended (PEER_REFUSED). A re-sealed header is
     * of the order's vault and dataset and names what it replaces, each once (INTEGRITY). Whether the order is newer than the
     * last one, and its headers than those here, is asked of the store.
     */
    public static OrderTerms verifyAtSite(ByteString envelope, SiteTerms self, long nowSeconds) throws FaultException {
        OrderTerms terms = read(envelope, self.home());
        checkFor(terms, self, nowSeconds);
        if (terms instanceof ResealTerms reseal) {
            checkHeaders(reseal);
        }
        return terms;
    }

    /** Whether an envelope says that it is an expire order, which comes with a grant. Signatures are not checked. */
    public static boolean isExpiry(ByteString envelope) throws FaultException {
        return typeOf(envelope) == SignedType.EXPIRE_ORDER;
    }

    /**
     * At a site, an expire order: its grant is signed by the order key of its home and not ended, the order by the key that the grant
     * names, of its vault, for this site, resting on this very grant, and not ended (PEER_REFUSED). Ages, numbers and what was done before
     * are asked of the store.
     */
    public static GrantedExpiry verifyExpiryAtSite(
            ByteString envelope, ByteString grant, SiteTerms self, long nowSeconds) throws FaultException {
        ExpiryGrantTerms granted = ExpiryGrants.verify(grant, self.home(), nowSeconds);
        ExpireTerms terms =
                readExpire(granted.expiryKey().verify(envelope, SignerRole.EXPIRY, SignedType.EXPIRE_ORDER));
        checkFor(terms, self, nowSeconds);
        Terms.demand(terms.grant().equals(ExpiryGrants.hash(grant)), "the order rests on another expiry grant");
        return new GrantedExpiry(terms, granted);
    }

    private static void checkFor(OrderTerms terms, SiteTerms self, long nowSeconds) throws FaultException {
        Terms.demand(terms.vault().equals(self.vault()), "the order is of another vault");
        Terms.demand(terms.site().equals(self.site()), "the order is for another site");
        Terms.checkNotAfter("order", terms.notAfter(), nowSeconds);
    }

    /** Names an order for ever: SHA-256 of the exact bytes that were signed. Signatures are not checked. */
    public static Hash hash(ByteString envelope) throws FaultException {
        return Envelopes.payloadHash(envelope, typeOf(envelope));
    }

    private static OrderTerms read(ByteString envelope, HomeIdentity home) throws FaultException {
        SignedType type = Envelopes.unverifiedType(envelope, SignedType.RESEAL_ORDER, SignedType.RETIRE_ORDER);
        ByteString payload = home.order().verify(envelope, SignerRole.ORDER, type);
        return type == SignedType.RESEAL_ORDER ? readReseal(payload) : readRetire(payload);
    }

    private static SignedType typeOf(ByteString envelope) throws FaultException {
        return Envelopes.unverifiedType(
                envelope, SignedType.RESEAL_ORDER, SignedType.RETIRE_ORDER, SignedType.EXPIRE_ORDER);
    }

    private static void checkHeaders(ResealTerms reseal) throws FaultException {
        Set<Hash> replaced = new HashSet<>();
        for (ByteString bytes : reseal.headers()) {
            SessionHeaderTerms header = SessionHeaders.read(bytes);
            if (!header.vault().equals(reseal.vault()) || !header.dataset().equals(reseal.dataset())) {
                throw new FaultException(
                        Fault.INTEGRITY, "a session header in the order is of another vault or dataset");
            }
            if (header.replaces().equals(Hash.ZERO) || !replaced.add(header.replaces())) {
                throw new FaultException(
                        Fault.INTEGRITY,
                        "a session header in the order replaces nothing, or what another one replaces");
            }
        }
    }

    private static ResealTerms readReseal(ByteString payload) throws FaultException {
        return Terms.read("re-seal order", payload, ResealOrder.parser(), order -> {
            Terms.checkFormat("re-seal order", order.getFormat());
            return new ResealTerms(
                    VaultId.of(order.getVault().toByteArray()),
                    SiteId.of(order.getSite().toByteArray()),
                    DatasetId.of(order.getDataset().toByteArray()),
                    order.getSequence(),
                    order.getIssuedAt(),
                    order.getNotAfter(),
                    order.getHeadersList());
        });
    }

    private static RetireTerms readRetire(ByteString payload) throws FaultException {
        return Terms.read("retire order", payload, RetireOrder.parser(), order -> {
            Terms.checkFormat("retire order", order.getFormat());
            return new RetireTerms(
                    VaultId.of(order.getVault().toByteArray()),
                    SiteId.of(order.getSite().toByteArray()),
                    DatasetId.of(order.getDataset().toByteArray()),
                    order.getSequence(),
                    order.getIssuedAt(),
                    order.getNotAfter(),
                    order.getKeyEpoch());
        });
    }

    private static ExpireTerms readExpire(ByteString payload) throws FaultException {
        return Terms.read("expire order", payload, ExpireOrder.parser(), order -> {
            Terms.checkFormat("expire order", order.getFormat());
            Terms.require(order.getManifestsCount() <= Limits.SNAPSHOTS_PER_ORDER_MAX, "number of snapshots");
            return new ExpireTerms(
                    VaultId.of(order.getVault().toByteArray()),
                    SiteId.of(order.getSite().toByteArray()),
                    DatasetId.of(order.getDataset().toByteArray()),
                    order.getSequence(),
                    order.getIssuedAt(),
                    order.getNotAfter(),
                    order.getManifestsList().stream().map(Terms::hash).toList(),
                    Terms.hash(order.getGrantSha256()));
        });
    }
}
