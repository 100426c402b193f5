package sago.sender.node;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import sago.common.fault.FaultException;
import sago.common.limits.Limits;
import sago.sender.backup.PackUse;
import sago.sender.pack.ChunkKind;
import sago.sender.pack.ChunkRef;
import sago.sender.pack.ChunkSource;
import sago.sender.tree.Entry;
import sago.sender.tree.EntryCursor;
import sago.sender.tree.FileContent;
import sago.sender.tree.ListRefs;
import sago.sender.tree.TreeCacheWriter;
import sago.sender.tree.TreeReader;
import sago.sender.tree.TreeRoot;

/**
 * Reads the newest tree back from a site: its entries into the tree cache, what each pack gives to it and what its chunk lists refer to into the
 * catalog. Confined to one thread.
 */
final class TreeRebuild {
    private final ChunkSource chunks;
    private final PackUse use;

    TreeRebuild(ChunkSource chunks, PackUse use) {
        this.chunks = chunks;
        this.use = use;
    }

    /** Adds every entry to the cache; afterwards the whole tree is counted. */
    void read(TreeRoot root, TreeCacheWriter cache) throws IOException, InterruptedException {
        use.begin();
        EntryCursor entries = new TreeReader(this::node, root).all();
        for (@Nullable Entry entry = entries.next(); entry != null; entry = entries.next()) {
            lists(entry.content());
            use.entry(entry);
            if (use.isFull()) {
                use.flush();
            }
            cache.add(entry);
        }
        use.flush();
    }

    /** A cursor over all entries opens each node once. */
    private byte[] node(ChunkRef ref, ChunkKind kind) throws FaultException, InterruptedException {
        byte[] bytes = chunks.read(ref, kind);
        use.node(ref);
        return bytes;
    }

    private void lists(FileContent content) throws FaultException, InterruptedException {
        if (content.listLevel() > 0) {
            for (ChunkRef ref : content.refs()) {
                list(ref, content.listLevel());
            }
        }
    }

    private void list(ChunkRef ref, int level) throws FaultException, InterruptedException {
        if (ref.raw() > Limits.TREE_NODE_BYTES_MAX) {
            throw TreeReader.damaged("a chunk list of " + ref.raw() + " bytes");
        }
        byte[] bytes = chunks.read(ref, ChunkKind.LIST);
        ListRefs named = ListRefs.of(bytes);
        if (named.lists() != level > 1) {
            throw TreeReader.damaged("a chunk list of another level than its file says");
        }
        use.list(ref, bytes);
        if (named.lists()) {
            for (ChunkRef below : named.refs()) {
                list(below, level - 1);
            }
        }
    }
}
