package sago.common.trust;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.id.DatasetId;
import sago.common.id.Hash;
import sago.common.id.PackId;
import sago.common.pack.PackEntry;
import sago.common.proto.ManifestStub;
import sago.common.sign.Hashes;
import sago.common.sign.SignedType;
import sago.common.sign.SignerRole;
import sago.common.sign.VerifyingKey;

final class ManifestStubsTest {
    private static final VerifyingKey SENDER = Sample.SENDER.verifyingKey();
    private static final PackEntry A = new PackEntry(new PackId(1, 5), 1 << 16, Sample.hash(1));
    private static final PackEntry B = new PackEntry(new PackId(1, 6), 1 << 25, Sample.hash(2));
    // Unsigned, this id is the greatest; as signed numbers it would come first.
    private static final PackEntry C = new PackEntry(new PackId(-1, 0), 1 << 25, Sample.hash(3));

    @Test
    void givesBackTermsAndTheHashOfTheExactBytes() throws FaultException {
        StubTerms terms = stub(2, Sample.hash(9), PackTable.of(List.of(C, A, B)));
        ByteString envelope = ManifestStubs.sign(Sample.SENDER, terms);
        VerifiedStub verified = ManifestStubs.verify(envelope, SENDER, Sample.VAULT, Sample.DATASET);
        assertThat(verified.terms()).isEqualTo(terms);
        assertThat(verified.manifestHash())
                .isEqualTo(Hashes.sha256(SENDER.verify(envelope, SignerRole.SENDER, SignedType.MANIFEST_STUB)))
                .isEqualTo(ManifestStubs.hash(envelope));
        assertThat(ManifestStubs.readStored(envelope)).isEqualTo(verified);
        assertThat(verified.terms().added()).containsExactly(A, B, C);
        assertThat(verified.terms().dropped()).containsExactly(new PackId(3, 3), new PackId(-2, 1));
    }

    @Test
    void pinsTheBytesThatAreSigned() throws FaultException {
        ByteString envelope = ManifestStubs.sign(Sample.SENDER, stub(1, Hash.ZERO, PackTable.of(List.of(A, B))));
        assertThat(ManifestStubs.hash(envelope))
                .hasToString("e2fe6e17932cb4a934de15de0c79aef9a123d02be6d182359fbd8f1a041ab1b5");
    }

    @Test
    void findsEveryPackAndNoOther() {
        Random random = new Random(42);
        for (int size : new int[] {0, 1, 2, 3, 100}) {
            List<PackEntry> packs = new ArrayList<>();
            for (int i = 0; i < size; i++) {
                packs.add(new PackEntry(new PackId(random.nextLong(), random.nextLong()), 1 << 16, Sample.hash(i)));
            }
            Collections.shuffle(packs, random);
            PackTable table = PackTable.of(packs);
            assertThat(table.size()).isEqualTo(size);
            assertThat(table).containsExactlyInAnyOrderElementsOf(packs);
            packs.forEach(pack -> assertThat(table.find(pack.id())).contains(pack));
            assertThat(table.find(new PackId(random.nextLong(), 0))).isEmpty();
        }
    }

    @Test
    void refusesTablesThatAreCutUnorderedRepeatedOrImplausible() {
        ByteString sound = PackTable.of(List.of(A, B)).rows();
        Sample.refusesToBuild(() -> new PackTable(sound.substring(1)));
        Sample.refusesToBuild(() -> new PackTable(sound.substring(0, sound.size() - 1)));
        Sample.refusesToBuild(() -> PackTable.of(List.of(A, A)));
        Sample.refusesToBuild(() -> new PackTable(row(B).concat(row(A))));
        Sample.refusesToBuild(() -> new PackTable(row(C).concat(row(A))));
        Sample.refusesToBuild(() -> PackTable.of(List.of(new PackEntry(A.id(), 65_537, A.root()))));
        Sample.refusesToBuild(() -> PackTable.of(List.of(new PackEntry(A.id(), 1L << 40, A.root()))));
        Sample.refusesToBuild(() -> PackIds.of(List.of(A.id(), A.id())));
        Sample.refusesToBuild(() -> new PackIds(ByteString.copyFrom(new byte[15])));
        Sample.refusesToBuild(
                () -> new PackIds(ByteString.copyFrom(B.id().toBytes()).concat(ByteString.copyFrom(A.id().toBytes()))));
    }

    @Test
    void refusesAStubOfAnotherSenderVaultOrDataset() {
        StubTerms terms = stub(1, Hash.ZERO, PackTable.of(List.of(A)));
        ByteString byOther = ManifestStubs.sign(Sample.ORDER, terms);
        Sample.refuses(Fault.PEER_REFUSED, () -> ManifestStubs.verify(byOther, SENDER, Sample.VAULT, Sample.DATASET));
        ByteString sound = ManifestStubs.sign(Sample.SENDER, terms);
        Sample.refuses(
                Fault.PEER_REFUSED, () -> ManifestStubs.verify(sound, SENDER, Sample.OTHER_VAULT, Sample.DATASET));
        Sample.refuses(
                Fault.PEER_REFUSED, () -> ManifestStubs.verify(sound, SENDER, Sample.VAULT, new DatasetId(9, 9)));
    }

    @Test
    void refusesAChainThatDoesNotBeginWithTheFirst() {
        PackTable packs = PackTable.of(List.of(A));
        Sample.refusesToBuild(() -> stub(1, Sample.hash(1), packs));
        Sample.refusesToBuild(() -> stub(2, Hash.ZERO, packs));
        Sample.refusesToBuild(() -> stub(0, Hash.ZERO, packs));
    }

    @Test
    void refusesSignedTablesThatAreNotSound() throws Exception {
        ByteString envelope = ManifestStubs.sign(Sample.SENDER, stub(1, Hash.ZERO, PackTable.of(List.of(A, B))));
        ManifestStub sound =
                ManifestStub.parseFrom(SENDER.verify(envelope, SignerRole.SENDER, SignedType.MANIFEST_STUB));
        for (ManifestStub bad : List.of(
                sound.toBuilder().setPacksAdded(row(B).concat(row(A))).build(),
                sound.toBuilder().setPacksAdded(row(A).substring(1)).build(),
                sound.toBuilder()
                        .setPacksDropped(ByteString.copyFrom(new byte[1]))
                        .build(),
                sound.toBuilder().clearSessionHeaders().build(),
                sound.toBuilder().addSessionHeaders(sound.getSessionHeaders(0)).build(),
                sound.toBuilder().setSequence(-1).build(),
                sound.toBuilder().clearBodySha256().build())) {
            ByteString signed = Sample.SENDER.sign(SignerRole.SENDER, SignedType.MANIFEST_STUB, bad);
            Sample.refuses(Fault.INTEGRITY, () -> ManifestStubs.verify(signed, SENDER, Sample.VAULT, Sample.DATASET));
        }
    }

    private static ByteString row(PackEntry entry) {
        return ByteString.copyFrom(entry.toBytes());
    }

    private static StubTerms stub(long sequence, Hash previous, PackTable added) {
        return new StubTerms(
                Sample.VAULT,
                Sample.DATASET,
                sequence,
                previous,
                Sample.SESSION,
                added,
                PackIds.of(List.of(new PackId(-2, 1), new PackId(3, 3))),
                List.of(Sample.hash(20), Sample.hash(21)),
                4,
                Sample.hash(22));
    }
}
