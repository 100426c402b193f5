package sago.sender.backup;

import java.util.List;
import org.jspecify.annotations.Nullable;
import sago.common.fault.FaultException;
import sago.common.id.PackId;
import sago.common.id.SiteId;
import sago.sender.catalog.Catalog;
import sago.sender.index.ChunkIndex;
import sago.sender.pack.ChunkId;
import sago.sender.pack.ChunkRef;
import sago.sender.tree.Entry;

/**
 * What need not be stored again. The index only hints: a chunk counts as stored if its pack is pending in this session, or durable at the
 * target site according to the catalog. Thread-safe.
 */
final class StoredChunks {
    private final Catalog catalog;
    private final ChunkIndex index;
    private final SiteId site;
    private final PendingChunks pending = new PendingChunks();

    /** Whether the contents of chunk lists, which the sender cannot open, are known to be whole at the site. */
    private volatile boolean listsTrusted;

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
        return ref != null && ref.raw() == rawLength && catalog.packs().present(ref.pack(), site) ? ref : null;
    }

    /**
     * Decides for the scan that follows.
     *
     * @param trusted every pack that the cached tree reaches was promised by the site with the tree's own snapshot, and none was lost since
     */
    void trustLists(boolean trusted) {
        listsTrusted = trusted;
    }

    /** Whether everything that a file of the last tree refers to is still at the site. */
    boolean holds(Entry last) throws FaultException {
        if (last.content().listLevel() > 0 && !listsTrusted) {
            return false;
        }
        return holds(last.content().refs());
    }

    /** Whether the packs of all these chunks are still at the site. */
    boolean holds(List<ChunkRef> refs) throws FaultException {
        PackId before = null;
        for (ChunkRef ref : refs) {
            if (!ref.pack().equals(before) && !catalog.packs().present(ref.pack(), site)) {
                return false;
            }
            before = ref.pack();
        }
        return true;
    }
}
