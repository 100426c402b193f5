package sago.sender.checkpoint;

import java.util.List;
import org.jspecify.annotations.Nullable;
import sago.common.fault.FaultException;
import sago.sender.pack.ChunkRef;
import sago.sender.tree.Entry;
import sago.sender.tree.EntryKey;

/**
 * Finds the finished files of the runs before, in key order, beside a walk in the same order. All that it gives was settled when it was
 * read ({@link Entry#hasStatOf} is what remains to be asked), but whether its packs are at the site is asked of the catalog. What
 * cannot be read counts as absent. Confined to one thread.
 */
public final class FinishedFiles implements AutoCloseable {
    FinishedFiles() {}

    /** The finished file with this key, or null. Keys must be asked for in ascending order, in this method and the next together. */
    public @Nullable Entry file(EntryKey key) {
        return null;
    }

    /**
     * The chunks of the region of a large file that starts here, or null where it was not finished or the file is not the same any more.
     * Regions of a file must be asked for in ascending order.
     */
    public @Nullable List<ChunkRef> region(Entry now, long start) {
        return null;
    }

    /** How many whole files there are. */
    public long files() {
        return 0;
    }

    /** Bytes of files and regions. */
    public long bytes() {
        return 0;
    }

    @Override
    public void close() throws FaultException {}
}
