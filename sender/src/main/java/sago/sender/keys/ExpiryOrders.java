package sago.sender.keys;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import sago.common.id.DatasetId;
import sago.common.id.Hash;
import sago.common.id.SiteId;
import sago.common.id.VaultId;
import sago.common.secret.Hkdf;
import sago.common.secret.SecretBytes;
import sago.common.sign.SigningKey;
import sago.common.trust.ExpireTerms;
import sago.common.trust.ExpiryGrantTerms;
import sago.common.trust.ExpiryGrants;
import sago.common.trust.Orders;

/**
 * Signs expire orders and the grant that they rest on. The key of role expiry is derived from the vault's root key, so that every vault has
 * one without a change of its secrets; it lives until this is closed, which is before the vault. Confined to the vault's thread.
 */
public final class ExpiryOrders implements AutoCloseable {
    private static final int SEED_BYTES = 32;
    private static final byte[] ED25519 = "sago/v1/expiry/ed25519".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] ML_DSA_65 = "sago/v1/expiry/ml-dsa-65".getBytes(StandardCharsets.US_ASCII);

    private final HomeContext context;
    private final VaultId vault;
    private final SigningKey order;
    private final Sequences sequences;
    private final SigningKey expiry;

    /** Gives each number once, for good. */
    @FunctionalInterface
    interface Sequences {
        long take() throws IOException;
    }

    /** Borrows root and order key. */
    ExpiryOrders(HomeContext context, VaultId vault, SecretBytes root, SigningKey order, Sequences sequences) {
        this.context = context;
        this.vault = vault;
        this.order = order;
        this.sequences = sequences;
        this.expiry = SigningKey.ofSeeds(seed(root, ED25519), seed(root, ML_DSA_65));
    }

    private static SecretBytes seed(SecretBytes root, byte[] info) {
        return SecretBytes.of(Hkdf.expandSha256(root.reveal(), info, SEED_BYTES));
    }

    /** A grant for the orders of one run: a site that has seen it takes no older one. */
    public ByteString grant(long minimumAgeSeconds, int snapshotsPerDayMax) throws IOException {
        long sequence = sequences.take();
        long now = context.nowSeconds();
        return ExpiryGrants.sign(
                order,
                new ExpiryGrantTerms(
                        vault,
                        expiry.verifyingKey(),
                        minimumAgeSeconds,
                        snapshotsPerDayMax,
                        sequence,
                        now,
                        now + Vault.ORDER_SECONDS));
    }

    /**
     * An order to a site that snapshots no longer count.
     *
     * @param manifests hashes, ascending
     * @param grant that it rests on
     */
    public ByteString order(SiteId site, DatasetId dataset, List<Hash> manifests, ByteString grant) throws IOException {
        long sequence = sequences.take();
        long now = context.nowSeconds();
        Hash granted = ExpiryGrants.hash(grant);
        return Orders.sign(
                expiry,
                new ExpireTerms(vault, site, dataset, sequence, now, now + Vault.ORDER_SECONDS, manifests, granted));
    }

    @Override
    public void close() {
        expiry.close();
    }
}
