package sago.common.trust;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.id.DatasetId;
import sago.common.id.Hash;
import sago.common.sign.Hashes;

final class ReceiptsAndKeyringsTest {
    private static final Hash MANIFEST = Sample.hash(40);

    @Test
    void givesBackTheReceiptOfAGroupAndOfACommit() throws FaultException {
        for (ReceiptTerms terms : new ReceiptTerms[] {receipt(3, null), receipt(0, MANIFEST), receipt(3, MANIFEST)}) {
            ByteString envelope = Receipts.sign(Sample.SITE_KEY, terms);
            assertThat(Receipts.verify(envelope, Sample.SITE, Sample.VAULT)).isEqualTo(terms);
        }
    }

    @Test
    void refusesAReceiptOfAnotherSiteKeyOrVault() {
        ByteString byOther = Receipts.sign(Sample.ORDER, receipt(1, null));
        Sample.refuses(Fault.PEER_REFUSED, () -> Receipts.verify(byOther, Sample.SITE, Sample.VAULT));
        ByteString sound = Receipts.sign(Sample.SITE_KEY, receipt(1, null));
        Sample.refuses(Fault.PEER_REFUSED, () -> Receipts.verify(sound, Sample.SITE, Sample.OTHER_VAULT));
        SiteIdentity sameKey =
                NodeIdentities.ofSite(Sample.OTHER_SITE.site(), Sample.SITE.key(), Sample.SITE.tlsSpki());
        Sample.refuses(Fault.PEER_REFUSED, () -> Receipts.verify(sound, sameKey, Sample.VAULT));
    }

    @Test
    void refusesTheReceiptOfAnotherCommit() throws FaultException {
        ByteString envelope = Receipts.sign(Sample.SITE_KEY, receipt(0, MANIFEST));
        assertThat(Receipts.verifyCommit(envelope, Sample.SITE, Sample.VAULT, Sample.DATASET, MANIFEST)
                        .manifest())
                .isEqualTo(MANIFEST);
        Sample.refuses(
                Fault.INTEGRITY,
                () -> Receipts.verifyCommit(envelope, Sample.SITE, Sample.VAULT, Sample.DATASET, Sample.hash(41)));
        Sample.refuses(
                Fault.INTEGRITY,
                () -> Receipts.verifyCommit(envelope, Sample.SITE, Sample.VAULT, new DatasetId(9, 9), MANIFEST));
        ByteString ofGroup = Receipts.sign(Sample.SITE_KEY, receipt(1, null));
        Sample.refuses(
                Fault.INTEGRITY,
                () -> Receipts.verifyCommit(ofGroup, Sample.SITE, Sample.VAULT, Sample.DATASET, MANIFEST));
    }

    @Test
    void refusesTheReceiptOfAnotherOrder() throws FaultException {
        Hash order = Sample.hash(50);
        ReceiptTerms terms = new ReceiptTerms(
                Sample.VAULT,
                Sample.SITE.site(),
                Sample.DATASET,
                10,
                10,
                Sample.hash(30),
                0,
                Sample.hash(31),
                null,
                Sample.NOW,
                0,
                order);
        ByteString envelope = Receipts.sign(Sample.SITE_KEY, terms);
        assertThat(Receipts.verifyOrder(envelope, Sample.SITE, Sample.VAULT, Sample.DATASET, order))
                .isEqualTo(terms);
        Sample.refuses(
                Fault.INTEGRITY,
                () -> Receipts.verifyOrder(envelope, Sample.SITE, Sample.VAULT, Sample.DATASET, Sample.hash(51)));
        Sample.refuses(
                Fault.INTEGRITY,
                () -> Receipts.verifyOrder(envelope, Sample.SITE, Sample.VAULT, new DatasetId(9, 9), order));
        ByteString ofCommit = Receipts.sign(Sample.SITE_KEY, receipt(0, order));
        Sample.refuses(
                Fault.INTEGRITY,
                () -> Receipts.verifyOrder(ofCommit, Sample.SITE, Sample.VAULT, Sample.DATASET, order));
    }

    @Test
    void signsNoReceiptThatPromisesNothing() {
        Sample.refusesToBuild(() -> receipt(0, null));
        Sample.refusesToBuild(() -> receipt(-1, MANIFEST));
    }

    @Test
    void givesBackAKeyringAndRefusesThatOfAnotherHome() throws FaultException {
        KeyringTerms terms = keyring(1, Hash.ZERO, Sample.HOME);
        ByteString envelope = Keyrings.sign(Sample.ORDER, terms);
        assertThat(Keyrings.verify(envelope, Sample.HOME)).isEqualTo(terms);
        assertThat(Keyrings.verifyAgainstItself(envelope)).isEqualTo(terms);
        HomeIdentity stranger = NodeIdentities.ofHome(Sample.VAULT, Sample.OTHER_ORDER.verifyingKey());
        ByteString forged = Keyrings.sign(Sample.OTHER_ORDER, keyring(1, Hash.ZERO, stranger));
        Sample.refuses(Fault.PEER_REFUSED, () -> Keyrings.verify(forged, Sample.HOME));
        assertThat(Keyrings.verifyAgainstItself(forged).home()).isEqualTo(stranger);
    }

    @Test
    void chainsKeyringsByTheHashOfWhatWasSigned() throws FaultException {
        ByteString first = Keyrings.sign(Sample.ORDER, keyring(1, Hash.ZERO, Sample.HOME));
        ByteString second = Keyrings.sign(Sample.ORDER, keyring(2, Keyrings.hash(first), Sample.HOME));
        assertThat(Keyrings.verify(second, Sample.HOME).previous()).isEqualTo(Keyrings.hash(first));
        assertThat(Keyrings.hash(first)).isNotEqualTo(Hashes.sha256(first));
        Sample.refusesToBuild(() -> keyring(2, Hash.ZERO, Sample.HOME));
        Sample.refusesToBuild(() -> keyring(1, Sample.hash(1), Sample.HOME));
        Sample.refusesToBuild(() -> keyring(0, Hash.ZERO, Sample.HOME));
    }

    private static KeyringTerms keyring(long counter, Hash previous, HomeIdentity home) {
        return new KeyringTerms(
                Sample.VAULT,
                1,
                counter,
                previous,
                ByteString.copyFrom(new byte[KeyringTerms.SEALED_OVERHEAD_BYTES + 1]),
                Sample.hash(5),
                home);
    }

    private static ReceiptTerms receipt(long packs, @Nullable Hash manifest) {
        return new ReceiptTerms(
                Sample.VAULT,
                Sample.SITE.site(),
                Sample.DATASET,
                10,
                12,
                Sample.hash(30),
                packs,
                Sample.hash(31),
                manifest,
                Sample.NOW,
                Sample.NOW + 86_400,
                null);
    }
}
