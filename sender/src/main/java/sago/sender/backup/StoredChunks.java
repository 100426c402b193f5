package sago.sender.backup;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import sago.common.fault.FaultException;
import sago.common.id.PackId;
import sago.common.id.SiteId;
import sago.sender.catalog.Catalog;
import sago.sender.catalog.ChunkPlace;
import sago.sender.catalog.ListUse;
import sago.sender.index.ChunkIndex;
import sago.sender.pack.ChunkId;
import sago.sender.pack.ChunkRef;
import sago.sender.tree.Entry;

/**
 * What need not be stored again. The index only hints: a chunk counts as stored if its pack is pending in this session, or durable at the
 * target site according to the catalog, and not to be emptied. Thread-safe.
 */
final class StoredChunks {
    private final Catalog catalog;
    private final ChunkIndex index;
    private final SiteId site;
    private final PendingChunks pending = new PendingChunks();

    /** Packs that the site holds and that are to be emptied. */
    private volatile Set<PackId> absent = Set.of();

    StoredChunks(Catalog catalog, ChunkIndex index, SiteId site) {
        this.catalog = catalog;
        this.index = index;
        this.site = site;
    }

    PendingChunks pending() {
        return pending;
    }

    /** Where the chunk is stored, or null. */
    @Nullable
    ChunkRef find(ChunkId id, int rawLength) throws FaultException {
        ChunkRef ref = pending.find(id);
        if (ref != null) {
            return ref;
        }
        ref = index.find(id);
        return ref != null && ref.raw() == rawLength && holds(ref.pack()) ? ref : null;
    }

    /** Decides for the scans that follow which packs count as absent although the site holds them. */
    void countAsAbsent(Set<PackId> packs) {
        absent = packs;
    }

    /** Whether everything that a file of the last tree refers to is still at the site, behind lists too. */
    boolean holds(Entry last) throws FaultException {
        if (!holds(last.content().refs())) {
            return false;
        }
        if (last.content().listLevel() > 0) {
            for (ChunkRef list : last.content().refs()) {
                if (!holdsBehind(new ChunkPlace(list.pack(), list.offset()))) {
                    return false;
                }
            }
        }
        return true;
    }

    private boolean holdsBehind(ChunkPlace list) throws FaultException {
        Optional<ListUse> use = catalog.uses().list(list);
        if (use.isEmpty()) {
            return false;
        }
        for (PackId pack : use.get().packs().keySet()) {
            if (!holds(pack)) {
                return false;
            }
        }
        for (ChunkPlace below : use.get().lists()) {
            if (!holdsBehind(below)) {
                return false;
            }
        }
        return true;
    }

    private boolean holds(PackId pack) throws FaultException {
        return !absent.contains(pack) && catalog.packs().present(pack, site);
    }

    /** Whether the packs of all these chunks are still at the site. */
    boolean holds(List<ChunkRef> refs) throws FaultException {
        PackId before = null;
        for (ChunkRef ref : refs) {
            if (!ref.pack().equals(before) && !holds(ref.pack())) {
                return false;
            }
            before = ref.pack();
        }
        return true;
    }
}
