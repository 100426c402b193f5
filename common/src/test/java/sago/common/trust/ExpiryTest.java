package sago.common.trust;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.id.Hash;
import sago.common.id.SiteId;
import sago.common.id.VaultId;
import sago.common.limits.Limits;
import sago.common.proto.ExpireOrder;
import sago.common.proto.ExpiryGrant;
import sago.common.sign.Envelopes;
import sago.common.sign.Hashes;
import sago.common.sign.SignedType;
import sago.common.sign.SignerRole;
import sago.common.sign.SigningKey;

/** Expire orders and the grants that they rest on: what a site takes, and with which fault it refuses the rest. */
final class ExpiryTest {
    private static final SiteId HERE = Sample.SITE.site();
    private static final SigningKey EXPIRY = Sample.key(11);
    private static final SigningKey OTHER_EXPIRY = Sample.key(13);

    private final SiteTerms site = Sample.site("SG", "personal");
    private final ByteString grant = ExpiryGrants.sign(Sample.ORDER, grant(Sample.VAULT, EXPIRY, 0));

    @Test
    void givesBackOrderAndGrantToTheSiteThatTheyAreFor() throws FaultException {
        ExpireTerms order = order(Sample.VAULT, HERE, 0, ExpiryGrants.hash(grant));
        GrantedExpiry verified = verify(Orders.sign(EXPIRY, order), grant);
        assertThat(verified).isEqualTo(new GrantedExpiry(order, grant(Sample.VAULT, EXPIRY, 0)));
        assertThat(Orders.isExpiry(Orders.sign(EXPIRY, order))).isTrue();
    }

    @Test
    void refusesOrdersThatAnotherKeyOrRoleHasSigned() throws FaultException {
        ExpireTerms order = order(Sample.VAULT, HERE, 0, ExpiryGrants.hash(grant));
        ByteString payload = parse(order).toByteString();
        for (SigningKey key : List.of(OTHER_EXPIRY, Sample.SENDER, Sample.SITE_KEY, Sample.ORDER)) {
            refuses(Fault.PEER_REFUSED, Orders.sign(key, order), grant);
        }
        refuses(Fault.PEER_REFUSED, EXPIRY.sign(SignerRole.SENDER, SignedType.MANIFEST_STUB, payload), grant);
        refuses(Fault.PEER_REFUSED, EXPIRY.sign(SignerRole.ORDER, SignedType.RETIRE_ORDER, payload), grant);
        Sample.refuses(
                Fault.PEER_REFUSED, () -> Orders.verifyAtSite(Orders.sign(Sample.ORDER, order), site, Sample.NOW));
        Sample.refuses(Fault.PEER_REFUSED, () -> Orders.verifyAtSite(Orders.sign(EXPIRY, order), site, Sample.NOW));
    }

    @Test
    void refusesGrantsThatTheOrderKeyOfHomeHasNotSigned() throws FaultException {
        for (SigningKey key : List.of(Sample.OTHER_ORDER, EXPIRY, Sample.SENDER)) {
            ByteString forged = ExpiryGrants.sign(key, grant(Sample.VAULT, EXPIRY, 0));
            refuses(
                    Fault.PEER_REFUSED,
                    Orders.sign(EXPIRY, order(Sample.VAULT, HERE, 0, ExpiryGrants.hash(forged))),
                    forged);
        }
        ByteString own = ExpiryGrants.sign(Sample.ORDER, grant(Sample.VAULT, Sample.ORDER, 0));
        refuses(
                Fault.PEER_REFUSED,
                Orders.sign(Sample.ORDER, order(Sample.VAULT, HERE, 0, ExpiryGrants.hash(own))),
                own);
    }

    @Test
    void refusesOrdersWithoutAGrantOrWithOneThatTheyDoNotRestOn() throws FaultException {
        ByteString order = Orders.sign(EXPIRY, order(Sample.VAULT, HERE, 0, ExpiryGrants.hash(grant)));
        refuses(Fault.PEER_REFUSED, order, ByteString.EMPTY);
        refuses(Fault.PEER_REFUSED, order, SiteGrants.sign(Sample.ORDER, site));
        ByteString wider = ExpiryGrants.sign(
                Sample.ORDER, new ExpiryGrantTerms(Sample.VAULT, EXPIRY.verifyingKey(), 0, 9, 31, Sample.NOW, 0));
        refuses(Fault.PEER_REFUSED, order, wider);
    }

    @Test
    void refusesOrdersAndGrantsOfAnotherVaultOrSiteAndThoseThatEnded() throws FaultException {
        Hash hash = ExpiryGrants.hash(grant);
        refuses(Fault.PEER_REFUSED, Orders.sign(EXPIRY, order(Sample.OTHER_VAULT, HERE, 0, hash)), grant);
        refuses(Fault.PEER_REFUSED, Orders.sign(EXPIRY, order(Sample.VAULT, Sample.OTHER_SITE.site(), 0, hash)), grant);
        ByteString foreign = ExpiryGrants.sign(Sample.ORDER, grant(Sample.OTHER_VAULT, EXPIRY, 0));
        refuses(
                Fault.PEER_REFUSED,
                Orders.sign(EXPIRY, order(Sample.VAULT, HERE, 0, ExpiryGrants.hash(foreign))),
                foreign);
        refuses(Fault.PEER_REFUSED, Orders.sign(EXPIRY, order(Sample.VAULT, HERE, Sample.NOW - 1, hash)), grant);
        ByteString ended = ExpiryGrants.sign(Sample.ORDER, grant(Sample.VAULT, EXPIRY, Sample.NOW - 1));
        refuses(Fault.PEER_REFUSED, Orders.sign(EXPIRY, order(Sample.VAULT, HERE, 0, ExpiryGrants.hash(ended))), ended);
    }

    @Test
    void refusesFlippedSignaturesUnknownFieldsAndTermsThatAreNotSound() throws FaultException {
        ExpireTerms sound = order(Sample.VAULT, HERE, 0, ExpiryGrants.hash(grant));
        byte[] flipped = Orders.sign(EXPIRY, sound).toByteArray();
        flipped[flipped.length - 1] ^= 1;
        refuses(Fault.INTEGRITY, ByteString.copyFrom(flipped), grant);
        ExpireOrder message = parse(sound);
        refuses(Fault.VERSION, signed(message.toBuilder().setFormat(2)), grant);
        refuses(Fault.VERSION, signed(message.toBuilder().setUnknownFields(field(10))), grant);
        refuses(Fault.INTEGRITY, signed(message.toBuilder().clearManifests()), grant);
        refuses(Fault.INTEGRITY, signed(message.toBuilder().addManifests(message.getManifests(0))), grant);
        refuses(Fault.INTEGRITY, signed(message.toBuilder().addManifests(ByteString.copyFrom(new byte[31]))), grant);
        ExpiryGrant granted =
                ExpiryGrant.newBuilder().setFormat(1).setUnknownFields(field(9)).build();
        refuses(
                Fault.VERSION,
                Orders.sign(EXPIRY, sound),
                Sample.ORDER.sign(SignerRole.ORDER, SignedType.EXPIRY_GRANT, granted));
    }

    @Test
    void boundsWhatOneOrderNamesSoThatTheLongestFitsAMessage() throws FaultException {
        List<Hash> most = new ArrayList<>();
        for (int i = 0; i < Limits.SNAPSHOTS_PER_ORDER_MAX; i++) {
            most.add(Hashes.sha256(ByteString.copyFromUtf8("manifest " + i)));
        }
        most.sort(null);
        ExpireTerms longest = order(most);
        assertThat(verify(Orders.sign(EXPIRY, longest), grant).order()).isEqualTo(longest);
        List<Hash> more = new ArrayList<>(most);
        more.add(0, Hash.ZERO);
        Sample.refusesToBuild(() -> order(more));
        Sample.refusesToBuild(() -> order(List.of()));
        Sample.refusesToBuild(() -> order(List.of(most.get(1), most.get(0))));
        Sample.refusesToBuild(() -> order(List.of(most.get(1), most.get(1))));
    }

    @Test
    void refusesGrantsWhoseNumbersMeanNothing() {
        Sample.refusesToBuild(() -> terms(-1, 1));
        Sample.refusesToBuild(() -> terms(ExpiryGrantTerms.MINIMUM_AGE_SECONDS_MAX + 1, 1));
        Sample.refusesToBuild(() -> terms(0, 0));
        Sample.refusesToBuild(() -> terms(0, ExpiryGrantTerms.SNAPSHOTS_PER_DAY_MAX + 1));
        assertThat(terms(0, 1).minimumAgeSeconds()).isZero();
    }

    /** Signing is deterministic, so that these hashes hold layout, signed input and key ids at once. */
    @Test
    void signsTheBytesThatWereAlwaysSigned() throws FaultException {
        ByteString order = Orders.sign(EXPIRY, order(Sample.VAULT, HERE, 0, ExpiryGrants.hash(grant)));
        assertThat(List.of(Hashes.sha256(grant), ExpiryGrants.hash(grant), Hashes.sha256(order), Orders.hash(order)))
                .map(Hash::toString)
                .containsExactly(
                        "cc205544d187eb92be20a2c832c897bd99f3a16a63e3267ce6eaf101bfa6a9db",
                        "024e4ad431a2d69f2cf034a5899f73cfb31e38c8da69b05cf398c6fda2468bdd",
                        "203957cf299532f2ef98321fbf6012aca8661e1c30e13900133513d339d29571",
                        "354293119b4382706405ed960922b6a26df8855f7cd43f36eb036fbda870cc86");
    }

    private GrantedExpiry verify(ByteString order, ByteString granted) throws FaultException {
        return Orders.verifyExpiryAtSite(order, granted, site, Sample.NOW);
    }

    private void refuses(Fault fault, ByteString order, ByteString granted) {
        Sample.refuses(fault, () -> verify(order, granted));
    }

    private static ExpireOrder parse(ExpireTerms terms) throws FaultException {
        try {
            return ExpireOrder.parseFrom(
                    Envelopes.unverifiedPayload(Orders.sign(EXPIRY, terms), SignedType.EXPIRE_ORDER));
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException(e);
        }
    }

    private static ByteString signed(ExpireOrder.Builder order) {
        return EXPIRY.sign(SignerRole.EXPIRY, SignedType.EXPIRE_ORDER, order.build());
    }

    private static UnknownFieldSet field(int number) {
        return UnknownFieldSet.newBuilder()
                .addField(
                        number, UnknownFieldSet.Field.newBuilder().addVarint(1).build())
                .build();
    }

    private static ExpireTerms order(VaultId vault, SiteId at, long notAfter, Hash granted) {
        List<Hash> manifests = new ArrayList<>(List.of(Sample.hash(1), Sample.hash(2)));
        manifests.sort(null);
        return new ExpireTerms(vault, at, Sample.DATASET, 32, Sample.NOW, notAfter, manifests, granted);
    }

    private ExpireTerms order(List<Hash> manifests) throws FaultException {
        return new ExpireTerms(
                Sample.VAULT, HERE, Sample.DATASET, 32, Sample.NOW, 0, manifests, ExpiryGrants.hash(grant));
    }

    private static ExpiryGrantTerms grant(VaultId vault, SigningKey key, long notAfter) {
        return new ExpiryGrantTerms(vault, key.verifyingKey(), 86_400, 1_000, 31, Sample.NOW, notAfter);
    }

    private static ExpiryGrantTerms terms(long age, int perDay) {
        return new ExpiryGrantTerms(Sample.VAULT, EXPIRY.verifyingKey(), age, perDay, 31, Sample.NOW, 0);
    }
}
