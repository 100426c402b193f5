package sago.sender.upload;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.id.DatasetId;
import sago.common.id.Hash;
import sago.common.id.PackId;
import sago.common.id.VaultId;
import sago.common.merkle.MerkleHasher;
import sago.common.pack.PackEntry;
import sago.common.proto.ReceiptIssued;
import sago.common.trust.ReceiptTerms;
import sago.common.trust.Receipts;
import sago.common.trust.SiteIdentity;

/**
 * Verifies the receipts of one session: the site's signature, vault, site and dataset, and that the root in it is that of the packs that
 * this session sent. A receipt that names packs of an older session is not ours to judge and is left out.
 *
 * <p>Thread-safe: sealing threads expect, the acknowledgement thread accepts.
 */
final class SiteReceipts implements ReceiptChecker {
    /** Packs that wait for a receipt: 2 TiB of them. Receipts may be lost with a connection; the oldest are given up. */
    static final int EXPECTED_MAX = 65_536;

    private static final Logger LOG = LoggerFactory.getLogger(SiteReceipts.class);

    private final String label;
    private final VaultId vault;
    private final DatasetId dataset;
    private final ReceiptListener listener;
    private final MerkleHasher hasher = new MerkleHasher();
    private final Map<PackId, PackEntry> expected = new LinkedHashMap<>();
    private volatile @Nullable SiteIdentity site;

    SiteReceipts(String label, VaultId vault, DatasetId dataset, ReceiptListener listener) {
        this.label = label;
        this.vault = vault;
        this.dataset = dataset;
        this.listener = listener;
    }

    /** The identity that the site showed and that fits its pin. */
    void signedBy(SiteIdentity identity) {
        site = identity;
    }

    @Override
    public synchronized void expect(PackEntry entry) {
        expected.put(entry.id(), entry);
        if (expected.size() > EXPECTED_MAX) {
            expected.remove(expected.keySet().iterator().next());
        }
    }

    @Override
    public void accept(ReceiptIssued receipt) throws FaultException {
        List<PackId> packs = PackStatuses.packIds(receipt.getPacksList());
        List<byte[]> rows = take(packs);
        if (rows == null) {
            LOG.info("{}: a receipt names packs that this session did not send", label);
            return;
        }
        ReceiptTerms terms = Receipts.verify(receipt.getReceipt(), signer(), vault);
        boolean fits = terms.dataset().equals(dataset)
                && terms.packCount() == packs.size()
                && terms.packsRoot().equals(hasher.rootOfEntries(rows));
        if (!fits) {
            throw new FaultException(
                    Fault.INTEGRITY,
                    label + " signed a receipt that does not fit the packs that it names; look at the site's log");
        }
        listener.receipt(receipt.getReceipt(), packs);
    }

    /** The receipt of a commit, verified. */
    ByteString acceptCommit(ByteString envelope, Hash manifest) throws FaultException {
        Receipts.verifyCommit(envelope, signer(), vault, dataset, manifest);
        return envelope;
    }

    private synchronized @Nullable List<byte[]> take(List<PackId> packs) {
        if (!expected.keySet().containsAll(packs)) {
            return null;
        }
        List<byte[]> rows = new ArrayList<>(packs.size());
        for (PackId pack : packs) {
            PackEntry entry = expected.remove(pack);
            if (entry == null) {
                return null;
            }
            rows.add(entry.toBytes());
        }
        return rows;
    }

    private SiteIdentity signer() {
        SiteIdentity identity = site;
        if (identity == null) {
            throw new IllegalStateException("a receipt came before the first connection");
        }
        return identity;
    }
}
