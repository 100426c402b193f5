package sago.receiver.store;

import java.util.List;
import java.util.Optional;
import sago.common.id.Hash;
import sago.common.id.PackId;

/** Packs whose files were hashed again, ascending by id. Immutable. */
public record AuditPage(List<Audited> packs, boolean more) {
    public AuditPage {
        packs = List.copyOf(packs);
    }

    /**
     * @param length of the pack, as the journal says
     * @param root as computed now; empty where the file cannot be read whole
     * @param sound equals what the journal says
     */
    public record Audited(PackId pack, long length, Optional<Hash> root, boolean sound) {}
}
