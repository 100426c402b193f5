package sago.receiver.acknowledge;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import sago.common.fault.FaultException;
import sago.common.id.DatasetId;
import sago.common.id.Hash;
import sago.common.id.PackId;
import sago.common.id.SessionId;
import sago.common.id.SiteId;
import sago.common.id.VaultId;
import sago.common.merkle.MerkleHasher;
import sago.common.pack.PackEntry;
import sago.common.sign.SigningKey;
import sago.common.time.Clock;
import sago.common.trust.ReceiptTerms;
import sago.common.trust.Receipts;
import sago.common.trust.SiteIdentity;
import sago.receiver.journal.JournalPosition;
import sago.receiver.store.CommittedManifest;
import sago.receiver.store.StoredPack;

class ReceiptWriterTest {
    private static final VaultId VAULT = new VaultId(1, 1);
    private static final SiteId SITE = new SiteId(2, 2);
    private static final DatasetId ONE = new DatasetId(3, 1);
    private static final DatasetId TWO = new DatasetId(3, 2);
    private static final Hash CHAIN = new Hash(5, 5, 5, 5);
    private static final SigningKey KEY = SigningKey.generate(new SecureRandom());
    private static final SiteIdentity IDENTITY =
            new SiteIdentity(SITE, KEY.verifyingKey(), Hash.ZERO, ByteString.EMPTY);
    private static final Clock CLOCK = new Clock() {
        @Override
        public long wallMs() {
            return 1_700_000_000_999L;
        }

        @Override
        public long monotonicNs() {
            return 0;
        }
    };

    private final ReceiptSigner signer = new ReceiptSigner(SITE, KEY, CLOCK);

    private static StoredPack pack(DatasetId dataset, int number) {
        return new StoredPack(
                new PackEntry(new PackId(7, number), 16_384, new Hash(number, 0, 0, 0)),
                VAULT,
                dataset,
                new SessionId(6, 6),
                new JournalPosition(number, CHAIN),
                1_800_000_000L + number);
    }

    @Test
    void signsOneReceiptForTheGroupOfEachDataset() throws FaultException {
        List<IssuedReceipt> issued = new ArrayList<>();
        try (ReceiptWriter writer = ReceiptWriter.start(signer, issued::add)) {
            writer.packStored(pack(ONE, 10));
            writer.packStored(pack(TWO, 11));
            writer.packStored(pack(ONE, 12));
        }
        assertThat(issued).extracting(IssuedReceipt::dataset).containsExactlyInAnyOrder(ONE, TWO);
        IssuedReceipt first = issued.get(0).dataset().equals(ONE) ? issued.get(0) : issued.get(1);
        assertThat(first.packs()).containsExactly(new PackId(7, 10), new PackId(7, 12));
        ReceiptTerms terms = Receipts.verify(first.receipt(), IDENTITY, VAULT);
        Hash root = new MerkleHasher()
                .rootOfEntries(List.of(
                        pack(ONE, 10).pack().toBytes(), pack(ONE, 12).pack().toBytes()));
        assertThat(terms)
                .isEqualTo(new ReceiptTerms(
                        VAULT, SITE, ONE, 10, 12, CHAIN, 2, root, null, 1_700_000_000L, 1_800_000_010L, null));
    }

    @Test
    void aListenerThatFailsDoesNotEndTheReceipts() {
        List<IssuedReceipt> issued = new ArrayList<>();
        ReceiptListener listener = receipt -> {
            issued.add(receipt);
            throw new IllegalStateException("connection gone");
        };
        try (ReceiptWriter writer = ReceiptWriter.start(signer, listener)) {
            writer.packStored(pack(ONE, 1));
            writer.packStored(pack(TWO, 2));
        }
        assertThat(issued).hasSize(2);
    }

    @Test
    void theReceiptOfACommitSaysTheSameEachTime() throws FaultException {
        Hash manifest = new Hash(9, 9, 9, 9);
        CommittedManifest commit = new CommittedManifest(
                VAULT, ONE, 4, manifest, new JournalPosition(77, CHAIN), 1_600_000_000_500L, false);
        ReceiptTerms first = Receipts.verifyCommit(signer.sign(commit), IDENTITY, VAULT, ONE, manifest);
        ReceiptTerms second = Receipts.verifyCommit(signer.sign(commit), IDENTITY, VAULT, ONE, manifest);
        assertThat(second).isEqualTo(first);
        assertThat(first.journalLast()).isEqualTo(77);
        assertThat(first.time()).isEqualTo(1_600_000_000L);
        assertThat(first.keepUntil()).isZero();
    }
}
