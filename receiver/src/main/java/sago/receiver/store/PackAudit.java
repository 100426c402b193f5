package sago.receiver.store;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import sago.common.id.DatasetId;
import sago.common.id.Hash;
import sago.common.id.PackId;
import sago.common.limits.Limits;

/** Hashes stored packs again, from the disk. Any thread. */
final class PackAudit {
    private final StoreContext context;

    PackAudit(StoreContext context) {
        this.context = context;
    }

    /** The next packs of a dataset that snapshots name, ascending by id. */
    AuditPage audit(DatasetId dataset, Optional<PackId> after, int max) throws IOException {
        int count = Math.min(Math.max(max, 1), Limits.AUDIT_PACKS_MAX);
        List<PackRow> rows = context.state().committedPacks(dataset, after, count + 1);
        boolean more = rows.size() > count;
        List<AuditPage.Audited> audited = new ArrayList<>();
        for (PackRow row : more ? rows.subList(0, count) : rows) {
            Optional<Hash> root = root(row);
            if (root.isEmpty() && context.state().pack(row.entry().id()).isEmpty()) {
                continue; // it was swept meanwhile
            }
            boolean sound = root.isPresent() && root.get().equals(row.entry().root());
            audited.add(new AuditPage.Audited(row.entry().id(), row.entry().length(), root, sound));
        }
        return new AuditPage(audited, more);
    }

    /** Empty where the file cannot be read whole: one bad pack does not end the audit of the others. */
    private Optional<Hash> root(PackRow row) {
        try {
            return Optional.of(
                    context.files().root(row.entry().id(), row.entry().length(), context.hasher()));
        } catch (IOException unreadable) {
            return Optional.empty();
        }
    }
}
