package sago.sender.backup;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sago.common.fault.FaultException;
import sago.sender.pack.ChunkRef;
import sago.sender.pack.ChunkWriter;
import sago.sender.tree.ContentBuilder;
import sago.sender.tree.Entry;
import sago.sender.tree.TreeBuilder;
import sago.sender.tree.TreeCacheWriter;
import sago.sender.tree.TreeRoot;
import sago.sender.tree.TreeTotals;

/** Where entries arrive in key order: the tree and its local cache. Confined to the tree thread. */
final class TreeSink {
    private final ChunkWriter chunks;
    private final TreeBuilder tree;
    private final TreeCacheWriter cache;
    private final BackupCounters counters;

    /** The large file whose regions arrive. */
    private @Nullable LargeFile large;

    TreeSink(ChunkWriter chunks, TreeCacheWriter cache, BackupCounters counters) {
        this.chunks = chunks;
        this.tree = new TreeBuilder(chunks);
        this.cache = cache;
        this.counters = counters;
    }

    void add(Entry entry) throws IOException, InterruptedException {
        tree.add(entry);
        cache.add(entry);
    }

    /**
     * The next region of a large file.
     *
     * @param refs its chunks, null if it could not be read: then the file is left out
     */
    void region(Entry file, long start, long length, @Nullable List<ChunkRef> refs)
            throws IOException, InterruptedException {
        LargeFile open = start == 0 ? new LargeFile(new ContentBuilder(chunks)) : large;
        if (open == null) {
            throw new IllegalStateException("region at " + start + " of a file that did not begin");
        }
        large = open;
        if (refs == null) {
            open.lost = true;
        } else if (!open.ended) {
            long bytes = 0;
            for (ChunkRef ref : refs) {
                open.content.add(ref);
                bytes += ref.raw();
            }
            // The file has become shorter: what stands behind the gap belongs to another version of it.
            open.ended = bytes < length;
        }
        if (start + length == file.size()) {
            large = null;
            if (!open.lost) {
                counters.filesRead.increment();
                add(file.withContent(open.content.finish()));
            }
        }
    }

    TreeRoot finish() throws FaultException, InterruptedException {
        return tree.finish();
    }

    TreeTotals totals() {
        return tree.totals();
    }

    private static final class LargeFile {
        final ContentBuilder content;
        boolean lost;
        boolean ended;

        LargeFile(ContentBuilder content) {
            this.content = content;
        }
    }
}
