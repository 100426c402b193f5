package sago.sender.backup;

import java.util.List;
import org.jspecify.annotations.Nullable;
import sago.common.fault.FaultException;
import sago.sender.pack.ChunkRef;
import sago.sender.pack.ChunkWriter;
import sago.sender.tree.ContentBuilder;
import sago.sender.tree.Entry;
import sago.sender.tree.FileContent;
import sago.sender.tree.Holes;
import sago.sender.tree.TreeBuilder;
import sago.sender.tree.TreeCacheWriter;
import sago.sender.tree.TreeRoot;
import sago.sender.tree.TreeTotals;

/** Where entries arrive in key order: the tree and its local cache. Confined to the tree thread. */
final class TreeSink {
    private final ChunkWriter chunks;
    private final TreeBuilder tree;
    private final TreeCacheWriter cache;
    private final HomeRoom room;
    private final PackUse use;
    private final BackupCounters counters;

    /** The large file whose regions arrive. */
    private @Nullable Parts large;

    TreeSink(ChunkWriter trees, TreeCacheWriter cache, Scan.Keeping keeping, BackupCounters counters) {
        this.room = keeping.room();
        this.use = keeping.use();
        this.chunks = new CountingChunkWriter(trees, use, room);
        this.tree = new TreeBuilder(chunks);
        this.cache = cache;
        this.counters = counters;
    }

    void add(Entry entry) throws FaultException, InterruptedException {
        tree.add(entry);
        room.await(() -> cache.add(entry));
        use.entry(entry);
        if (use.isFull()) {
            room.await(use::flush);
        }
    }

    /**
     * A part of a large file or of a stream.
     *
     * @param file as the walk saw it
     * @param start among the bytes between holes
     * @param last whether the file ends with it
     */
    record Region(Entry file, Holes holes, long start, long length, boolean last) {}

    /**
     * The next region of a large file.
     *
     * @param read whether this run had to read it
     * @param refs its chunks, null if it could not be read: then the file is left out
     */
    void region(Region region, boolean read, @Nullable List<ChunkRef> refs)
            throws FaultException, InterruptedException {
        Parts open = region.start == 0 ? new Parts(new ContentBuilder(chunks)) : large;
        if (open == null) {
            throw new IllegalStateException("region at " + region.start + " of a file that did not begin");
        }
        large = open;
        open.read |= read;
        if (refs == null) {
            open.lost = true;
        } else if (!open.ended) {
            long bytes = 0;
            for (ChunkRef ref : refs) {
                open.content.add(ref);
                bytes += ref.raw();
            }
            // The file has become shorter: what stands behind the gap belongs to another version of it.
            open.ended = bytes < region.length;
        }
        if (region.last) {
            large = null;
            if (!open.lost) {
                (open.read ? counters.filesRead : counters.filesFinished).increment();
                FileContent content = open.content.finish();
                add(region.file.withContent(content, open.ended ? region.holes.before(content.bytes()) : region.holes));
            }
        }
    }

    TreeRoot finish() throws FaultException, InterruptedException {
        TreeRoot root = tree.finish();
        room.await(use::flush);
        return root;
    }

    TreeTotals totals() {
        return tree.totals();
    }

    private static final class Parts {
        final ContentBuilder content;
        boolean read;
        boolean lost;
        boolean ended;

        Parts(ContentBuilder content) {
            this.content = content;
        }
    }
}
