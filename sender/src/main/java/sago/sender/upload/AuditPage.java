package sago.sender.upload;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.id.Hash;
import sago.common.id.PackId;
import sago.common.proto.Audited;
import sago.common.proto.AuditedPack;

/**
 * Packs that a site has just hashed again, ascending by id.
 *
 * @param more whether packs follow after the last one
 */
public record AuditPage(List<Pack> packs, boolean more) {
    /**
     * One pack as the site reads it now.
     *
     * @param root empty where the file cannot be read
     * @param sound whether the site itself finds it to be what its journal says
     */
    public record Pack(PackId id, long length, Optional<Hash> root, boolean sound) {}

    public AuditPage {
        packs = List.copyOf(packs);
    }

    static AuditPage of(String label, Audited answer, @Nullable PackId after, int max) throws FaultException {
        List<Pack> packs = new ArrayList<>();
        PackId last = after;
        for (AuditedPack row : answer.getPacksList()) {
            PackId id = PackStatuses.packId(row.getPack());
            boolean rooted = !row.getRoot().isEmpty();
            if ((last != null && id.compareTo(last) <= 0)
                    || (rooted && row.getRoot().size() != Hash.BYTES)) {
                throw new FaultException(Fault.PROTOCOL, label + " audited packs out of order or without a root");
            }
            packs.add(new Pack(
                    id,
                    row.getLength(),
                    rooted ? Optional.of(Hash.of(row.getRoot().toByteArray())) : Optional.empty(),
                    row.getSound()));
            last = id;
        }
        if (packs.size() > max || (packs.isEmpty() && answer.getMore())) {
            throw new FaultException(Fault.PROTOCOL, label + " audited " + packs.size() + " packs of " + max);
        }
        return new AuditPage(packs, answer.getMore());
    }
}
