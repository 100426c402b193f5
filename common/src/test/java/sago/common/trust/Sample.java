package sago.common.trust;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.Assertions;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.id.DatasetId;
import sago.common.id.Hash;
import sago.common.id.SessionId;
import sago.common.id.SiteId;
import sago.common.id.VaultId;
import sago.common.pack.PackGeometry;
import sago.common.secret.SecretBytes;
import sago.common.sign.Hashes;
import sago.common.sign.SigningKey;

/** One home, two sites and a dataset, the same in every run. */
final class Sample {
    static final long NOW = 1_795_000_000L;

    static final VaultId VAULT = new VaultId(1, 2);
    static final VaultId OTHER_VAULT = new VaultId(1, 3);
    static final DatasetId DATASET = new DatasetId(3, 4);
    static final SessionId SESSION = new SessionId(5, 6);
    static final SigningKey ORDER = key(1);
    static final SigningKey OTHER_ORDER = key(3);
    static final SigningKey SENDER = key(5);
    static final HomeIdentity HOME = NodeIdentities.ofHome(VAULT, ORDER.verifyingKey());
    static final SigningKey SITE_KEY = key(7);
    static final SiteIdentity SITE = NodeIdentities.ofSite(new SiteId(7, 7), SITE_KEY.verifyingKey(), hash(70));
    static final SiteIdentity OTHER_SITE = NodeIdentities.ofSite(new SiteId(8, 8), key(9).verifyingKey(), hash(80));
    static final Hash SENDER_SPKI = hash(50);

    private Sample() {}

    static SigningKey key(int fill) {
        byte[] ed25519 = new byte[32];
        byte[] mlDsa65 = new byte[32];
        Arrays.fill(ed25519, (byte) fill);
        Arrays.fill(mlDsa65, (byte) (fill + 1));
        return SigningKey.ofSeeds(SecretBytes.of(ed25519), SecretBytes.of(mlDsa65));
    }

    static Hash hash(int value) {
        return Hashes.sha256(new byte[] {(byte) value});
    }

    static SiteTerms site(String jurisdiction, String... classes) {
        return new SiteTerms(
                VAULT, SITE.site(), "sg", jurisdiction, List.of(classes), SITE.fingerprint(), HOME, hash(1), 11, NOW);
    }

    static DatasetTerms dataset(Map<SiteId, String> sites, long notAfter) {
        return new DatasetTerms(
                VAULT,
                DATASET,
                "personal",
                1,
                ByteString.copyFrom(new byte[DatasetTerms.PUBLIC_KEY_BYTES]),
                SENDER.verifyingKey(),
                SENDER_SPKI,
                sites,
                hash(2),
                12,
                NOW,
                notAfter);
    }

    static DatasetTerms dataset() {
        return dataset(Map.of(SITE.site(), "SG"), 0);
    }

    static SessionHeaderTerms header() {
        return new SessionHeaderTerms(
                VAULT,
                DATASET,
                1,
                SESSION,
                ByteString.copyFrom(new byte[SessionHeaderTerms.ENC_BYTES]),
                ByteString.copyFrom(new byte[SessionHeaderTerms.SEALED_KEY_BYTES]),
                Hash.ZERO);
    }

    static SessionTerms session(ByteString nonce, Hash header) {
        return new SessionTerms(VAULT, DATASET, SESSION, SITE.site(), nonce, header, 12, PackGeometry.DEFAULT);
    }

    static void refuses(Fault fault, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        FaultException.class,
                        e -> Assertions.assertThat(e.fault()).as(e.getMessage()).isEqualTo(fault));
    }

    static void refusesToBuild(ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class);
    }
}
