package sago.sender.checkpoint;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sago.common.durable.DiskFile;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.sender.pack.ChunkRef;
import sago.sender.tree.Entry;
import sago.sender.tree.EntryKey;
import sago.sender.tree.Extent;

/**
 * Finds the finished files of the runs before, in key order, beside a walk in the same order. All that it gives had settled when it was
 * read, so {@link Entry#hasStatOf} is what remains to be asked of a file; whether the packs are at the site is asked of the catalog. What
 * cannot be read counts as absent. Memory: one block. Confined to one thread.
 */
public final class FinishedFiles implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FinishedFiles.class);

    private final DiskFile file;
    private final FinishedCursor cursor;
    private final Records.Totals totals;
    private boolean ended;

    FinishedFiles(DiskFile file, MergeWriter.Sum sum) {
        this.file = file;
        this.cursor = new MergedCursor(new Stretch(file, sum.start(), sum.end(), null));
        this.totals = sum.totals();
    }

    /**
     * The finished file with this key, as it was when it was read, or null. Keys must be asked for in ascending order, in this method and the
     * next together.
     */
    public @Nullable Entry file(EntryKey key) {
        FinishedItem item = find(key, FinishedItem.WHOLE);
        return item == null ? null : item.file();
    }

    /**
     * The chunks of the region of a large file that starts here, or null where it was not finished or the file is not the same any more.
     * Regions of a file must be asked for in ascending order.
     *
     * @param now the file as scanned now
     * @param extents where in the file the region lies now: holes may come and go without a change of the file
     */
    public @Nullable List<ChunkRef> region(Entry now, long start, List<Extent> extents) {
        FinishedItem item = find(now.key(), start);
        return item == null || !now.hasStatOf(item.file()) || !extents.equals(item.extents()) ? null : item.refs();
    }

    private @Nullable FinishedItem find(EntryKey key, long start) {
        for (FinishedItem item = peek(); item != null; item = peek()) {
            int byKey = item.key().compareTo(key);
            int order = byKey != 0 ? byKey : Long.compare(item.start(), start);
            if (order > 0) {
                return null;
            }
            cursor.advance();
            if (order == 0) {
                return item;
            }
        }
        return null;
    }

    private @Nullable FinishedItem peek() {
        try {
            return ended ? null : cursor.peek();
        } catch (FaultException e) {
            if (e.fault() != Fault.INTERRUPTED) {
                LOG.warn("{}: the rest is read again", e.getMessage());
            }
            ended = true;
            return null;
        }
    }

    /** How many whole files there are. */
    public long files() {
        return totals.files();
    }

    /** Bytes of files and regions. */
    public long bytes() {
        return totals.bytes();
    }

    @Override
    public void close() throws FaultException {
        try {
            file.close();
        } catch (IOException e) {
            throw new FaultException(Fault.DISK, "the checkpoint cannot be closed: " + e.getMessage(), e);
        }
    }
}
