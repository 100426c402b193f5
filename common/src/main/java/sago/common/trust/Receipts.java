package sago.common.trust;

import com.google.protobuf.ByteString;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.id.DatasetId;
import sago.common.id.Hash;
import sago.common.id.SiteId;
import sago.common.id.VaultId;
import sago.common.proto.Receipt;
import sago.common.sign.SignedType;
import sago.common.sign.SignerRole;
import sago.common.sign.SigningKey;

/** Signing and verifying receipts. Stateless; any thread. */
public final class Receipts {
    private Receipts() {}

    public static ByteString sign(SigningKey site, ReceiptTerms terms) {
        Receipt.Builder receipt = Receipt.newBuilder()
                .setFormat(Terms.FORMAT)
                .setVault(Terms.bytes(terms.vault().toBytes()))
                .setSite(Terms.bytes(terms.site().toBytes()))
                .setDataset(Terms.bytes(terms.dataset().toBytes()))
                .setJournalFirst(terms.journalFirst())
                .setJournalLast(terms.journalLast())
                .setJournalHead(Terms.bytes(terms.journalHead()))
                .setPackCount(terms.packCount())
                .setPacksRoot(Terms.bytes(terms.packsRoot()))
                .setTime(terms.time())
                .setKeepUntil(terms.keepUntil());
        Hash manifest = terms.manifest();
        if (manifest != null) {
            receipt.setManifest(Terms.bytes(manifest));
        }
        Hash order = terms.order();
        if (order != null) {
            receipt.setOrder(Terms.bytes(order));
        }
        return site.sign(SignerRole.SITE, SignedType.RECEIPT, receipt.build());
    }

    /** Signed by the site, about this vault. */
    public static ReceiptTerms verify(ByteString envelope, SiteIdentity site, VaultId vault) throws FaultException {
        ReceiptTerms terms = read(site.key().verify(envelope, SignerRole.SITE, SignedType.RECEIPT));
        Terms.demand(
                terms.site().equals(site.site()) && terms.vault().equals(vault),
                "the receipt is of another site or vault");
        return terms;
    }

    /** The receipt of a commit: also about this dataset and manifest, otherwise INTEGRITY. */
    public static ReceiptTerms verifyCommit(
            ByteString envelope, SiteIdentity site, VaultId vault, DatasetId dataset, Hash manifest)
            throws FaultException {
        ReceiptTerms terms = verify(envelope, site, vault);
        if (!terms.dataset().equals(dataset) || !manifest.equals(terms.manifest())) {
            throw new FaultException(
                    Fault.INTEGRITY, "the site's receipt is about another manifest than was committed");
        }
        return terms;
    }

    /** The receipt of an order: also about this dataset and order, otherwise INTEGRITY. */
    public static ReceiptTerms verifyOrder(
            ByteString envelope, SiteIdentity site, VaultId vault, DatasetId dataset, Hash order)
            throws FaultException {
        ReceiptTerms terms = verify(envelope, site, vault);
        if (!terms.dataset().equals(dataset) || !order.equals(terms.order())) {
            throw new FaultException(Fault.INTEGRITY, "the site's receipt is about another order than was delivered");
        }
        return terms;
    }

    private static ReceiptTerms read(ByteString payload) throws FaultException {
        return Terms.read("receipt", payload, Receipt.parser(), receipt -> {
            Terms.checkFormat("receipt", receipt.getFormat());
            return new ReceiptTerms(
                    VaultId.of(receipt.getVault().toByteArray()),
                    SiteId.of(receipt.getSite().toByteArray()),
                    DatasetId.of(receipt.getDataset().toByteArray()),
                    receipt.getJournalFirst(),
                    receipt.getJournalLast(),
                    Terms.hash(receipt.getJournalHead()),
                    receipt.getPackCount(),
                    Terms.hash(receipt.getPacksRoot()),
                    receipt.getManifest().isEmpty() ? null : Terms.hash(receipt.getManifest()),
                    receipt.getTime(),
                    receipt.getKeepUntil(),
                    receipt.getOrder().isEmpty() ? null : Terms.hash(receipt.getOrder()));
        });
    }
}
