package sago.sender.upload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.id.DatasetId;
import sago.common.id.Hash;
import sago.common.id.PackId;
import sago.common.id.SiteId;
import sago.common.id.VaultId;
import sago.common.merkle.MerkleHasher;
import sago.common.pack.PackEntry;
import sago.common.proto.ReceiptIssued;
import sago.common.sign.SigningKey;
import sago.common.trust.NodeIdentities;
import sago.common.trust.ReceiptTerms;
import sago.common.trust.Receipts;
import sago.sender.pack.PackImage;

class SiteReceiptsTest {
    private static final VaultId VAULT = new VaultId(1, 1);
    private static final DatasetId DATASET = new DatasetId(2, 2);
    private static final SiteId SITE = new SiteId(3, 3);
    private static final SigningKey KEY = SigningKey.generate(new SecureRandom());
    private static final PackEntry ONE = new PackEntry(new PackId(0, 1), 65_536, new Hash(1, 1, 1, 1));
    private static final PackEntry TWO = new PackEntry(new PackId(0, 2), 65_536, new Hash(2, 2, 2, 2));

    private final List<List<PackId>> heard = new ArrayList<>();
    private final SiteReceipts receipts =
            new SiteReceipts("site", VAULT, DATASET, (envelope, packs) -> heard.add(packs));

    SiteReceiptsTest() {
        receipts.signedBy(NodeIdentities.ofSite(SITE, KEY.verifyingKey(), Hash.ZERO));
        receipts.expect(ONE);
        receipts.expect(TWO);
    }

    @Test
    void handsOnAReceiptThatNamesExactlyWhatWasSent() throws Exception {
        receipts.accept(receipt(DATASET, 2, List.of(TWO, ONE), ONE.id(), TWO.id()).toBuilder()
                .clearPacks()
                .addPacks(bytes(TWO.id()))
                .addPacks(bytes(ONE.id()))
                .build());
        assertThat(heard).containsExactly(List.of(TWO.id(), ONE.id()));
    }

    @Test
    void refusesAReceiptWithAnotherRootCountOrDataset() {
        PackEntry forged = new PackEntry(ONE.id(), 65_536, new Hash(9, 9, 9, 9));
        refused(Fault.INTEGRITY, receipt(DATASET, 1, List.of(forged), ONE.id()));
        receipts.expect(ONE);
        refused(Fault.INTEGRITY, receipt(DATASET, 2, List.of(ONE), ONE.id()));
        receipts.expect(ONE);
        refused(Fault.INTEGRITY, receipt(new DatasetId(8, 8), 1, List.of(ONE), ONE.id()));
        assertThat(heard).isEmpty();
    }

    @Test
    void refusesAReceiptOfAnotherSigner() {
        try (SigningKey other = SigningKey.generate(new SecureRandom())) {
            receipts.signedBy(NodeIdentities.ofSite(SITE, other.verifyingKey(), Hash.ZERO));
            refused(Fault.PEER_REFUSED, receipt(DATASET, 1, List.of(ONE), ONE.id()));
        }
    }

    @Test
    void leavesOutAReceiptAboutPacksOfAnOlderSession() throws Exception {
        PackEntry older = new PackEntry(new PackId(7, 7), 65_536, Hash.ZERO);
        receipts.accept(receipt(DATASET, 2, List.of(ONE, older), ONE.id(), older.id()));
        assertThat(heard).isEmpty();
    }

    @Test
    void verifiesTheReceiptOfACommit() throws Exception {
        Hash manifest = new Hash(5, 5, 5, 5);
        ByteString envelope = sign(new ReceiptTerms(
                VAULT,
                SITE,
                DATASET,
                1,
                1,
                Hash.ZERO,
                0,
                new MerkleHasher().rootOfEntries(List.of()),
                manifest,
                1,
                0,
                null));
        assertThat(receipts.acceptCommit(envelope, manifest)).isEqualTo(envelope);
        assertThatThrownBy(() -> receipts.acceptCommit(envelope, new Hash(6, 6, 6, 6)))
                .isInstanceOfSatisfying(
                        FaultException.class, e -> assertThat(e.fault()).isEqualTo(Fault.INTEGRITY));
    }

    @Test
    void notesInTheOrderOfArrivalOnOneThreadAndFreesTheImageAfterwards() throws Exception {
        Rig rig = new Rig((entry, chunks, keepUntil) -> {});
        rig.acknowledger.durable(rig.pack(1), 10);
        rig.acknowledger.durable(rig.pack(2), 10);
        assertThat(rig.window.used()).isEqualTo(2);
        rig.acknowledger.start();
        rig.acknowledger.close();
        assertThat(rig.noted).containsExactly(new PackId(0, 1), new PackId(0, 2));
        assertThat(rig.threads).hasSize(1);
        assertThat(rig.window.used()).isZero();
        assertThat(rig.faults).isEmpty();
    }

    @Test
    void keepsTheImageAndEndsTheSessionWhenHomeCannotNoteIt() throws Exception {
        Rig rig = new Rig((entry, chunks, keepUntil) -> {
            throw new FaultException(Fault.HOME_FULL, "no room");
        });
        rig.acknowledger.durable(rig.pack(1), 10);
        rig.acknowledger.start();
        rig.acknowledger.close();
        assertThat(rig.faults).extracting(FaultException::fault).containsExactly(Fault.HOME_FULL);
        assertThat(rig.window.used()).isEqualTo(1);
    }

    /** An acknowledger with packs that are durable and not noted yet. */
    private final class Rig {
        final Window window = new Window(TransmitterTest.GEOMETRY.packBytes(), 0);
        final Transmitter transmitter = new Transmitter(TransmitterTest.GEOMETRY, window, TransmitterTest.unlimited());
        final List<PackId> noted = new ArrayList<>();
        final Set<Thread> threads = new HashSet<>();
        final List<FaultException> faults = new ArrayList<>();
        final Acknowledger acknowledger;

        Rig(DurableListener listener) {
            acknowledger = new Acknowledger(
                    (entry, chunks, keepUntil) -> {
                        listener.packDurable(entry, chunks, keepUntil);
                        noted.add(entry.id());
                        threads.add(Thread.currentThread());
                    },
                    receipts,
                    transmitter,
                    faults::add,
                    Thread::new);
        }

        OutboundPack pack(long id) throws Exception {
            PackImage image = new PackImage(new PackId(0, id), window.acquire());
            for (int i = 0; i < 4; i++) {
                transmitter.sliceReady(image, i);
            }
            int length = TransmitterTest.GEOMETRY.packBytes();
            transmitter.complete(image, new PackEntry(image.id(), length, Hash.ZERO), List.of());
            return Objects.requireNonNull(transmitter.durable(image.id()));
        }
    }

    private static ReceiptIssued receipt(DatasetId dataset, long count, List<PackEntry> entries, PackId... packs) {
        List<byte[]> rows = entries.stream().map(PackEntry::toBytes).toList();
        ReceiptIssued.Builder issued = ReceiptIssued.newBuilder()
                .setReceipt(sign(new ReceiptTerms(
                        VAULT,
                        SITE,
                        dataset,
                        1,
                        2,
                        Hash.ZERO,
                        count,
                        new MerkleHasher().rootOfEntries(rows),
                        null,
                        1,
                        0,
                        null)));
        for (PackId pack : packs) {
            issued.addPacks(bytes(pack));
        }
        return issued.build();
    }

    private static ByteString sign(ReceiptTerms terms) {
        return Receipts.sign(KEY, terms);
    }

    private static ByteString bytes(PackId pack) {
        return ByteString.copyFrom(pack.toBytes());
    }

    private void refused(Fault fault, ReceiptIssued receipt) {
        assertThatThrownBy(() -> receipts.accept(receipt))
                .isInstanceOfSatisfying(
                        FaultException.class, e -> assertThat(e.fault()).isEqualTo(fault));
    }
}
