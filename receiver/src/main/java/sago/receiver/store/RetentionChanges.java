package sago.receiver.store;

import java.io.IOException;
import java.util.List;
import sago.common.id.DatasetId;
import sago.common.id.VaultId;
import sago.common.limits.Limits;
import sago.receiver.proto.OrderRecord;

/**
 * What expire orders change in the database: manifests that count no more, and packs that none names from then on. Everything follows from
 * the journal and its order alone, so that a database that is made anew is the same. Confined to the thread that applies, inside its
 * transaction.
 */
final class RetentionChanges {
    private static final int PAGE = 1_000;
    private static final int MS_PER_SECOND = 1_000;

    private final SqlConnection connection;
    private final StateReader reader;
    private final RetentionReader retention;
    private boolean untimed = true;

    RetentionChanges(SqlConnection connection, StateReader reader) {
        this.connection = connection;
        this.reader = reader;
        this.retention = reader.retention();
    }

    void expire(DatasetId dataset, OrderRecord order) throws IOException {
        VaultId vault = VaultId.of(order.getVault().toByteArray());
        if (order.getExpiryGrant() > retention.expiryGrant(vault)) {
            StateRow.put(connection, StateTable.EXPIRY_GRANTS, vault.toBytes(), order.getExpiryGrant());
        }
        for (long sequence : order.getExpiredList()) {
            ManifestRow manifest = reader.manifest(dataset, sequence)
                    .orElseThrow(() -> StoreFaults.damaged(
                            "the journal", "an order expires manifest " + sequence + ", which it does not know"));
            manifest.withExpired(order.getTimeMs()).put(connection);
        }
        long doneBelow = 0;
        for (long sequence : order.getExpiredList()) {
            if (sequence >= doneBelow) {
                doneBelow = unname(dataset, sequence, order.getTimeMs());
            }
        }
    }

    /**
     * Packs that were only named between the manifests that count on both sides of an expired one. Returns the one above, up to which
     * expired manifests lie in the same gap.
     */
    private long unname(DatasetId dataset, long expired, long timeMs) throws IOException {
        long below = retention.counting(dataset, expired, false);
        long above = retention.counting(dataset, expired, true);
        if (above == 0) {
            throw StoreFaults.damaged("the journal", "an order expires the newest manifest of dataset " + dataset);
        }
        while (true) {
            List<PackRow> page = retention.namedBetween(dataset, below, above, PAGE);
            for (PackRow pack : page) {
                pack.withNames(pack.names().unnamed(timeMs)).put(connection);
            }
            if (page.size() < PAGE) {
                return above;
            }
        }
    }

    /**
     * A record of this time follows: packs whose records had none, from 0.1.0, were stored before. That version promised to keep them for as
     * long as the usual grace.
     */
    void time(long recordMs) throws IOException {
        if (!untimed || recordMs <= 0) {
            return;
        }
        List<PackRow> page;
        do {
            page = retention.untimed(PAGE);
            for (PackRow pack : page) {
                pack.withNames(pack.names().unnamed(recordMs))
                        .withKeepUntil((recordMs + Limits.UNCOMMITTED_KEEP_MS) / MS_PER_SECOND)
                        .put(connection);
            }
        } while (page.size() == PAGE);
        untimed = false;
    }

    /** A pack was stored by a record without a time. */
    void storedUntimed() {
        untimed = true;
    }
}
