package sago.sender.checkpoint;

import java.util.List;
import sago.sender.pack.ChunkRef;
import sago.sender.tree.Entry;
import sago.sender.tree.EntryKey;
import sago.sender.tree.EntryKind;
import sago.sender.tree.Extent;

/**
 * A whole file, or one region of a large one. In order of key, then start. Immutable.
 *
 * @param file with its references if whole, as scanned if a region
 * @param start of the region among the bytes between holes, or {@link #WHOLE}
 * @param extents where in the file the region lay when it was read, ascending; empty if whole
 * @param refs of the region; empty if whole
 */
record FinishedItem(Entry file, long start, List<Extent> extents, List<ChunkRef> refs)
        implements Comparable<FinishedItem> {
    static final long WHOLE = -1;

    FinishedItem {
        if (file.kind() != EntryKind.FILE
                || start < WHOLE
                || start >= Math.max(file.size(), 1)
                || (start == WHOLE) != refs.isEmpty()
                || (start == WHOLE) != extents.isEmpty()
                || (start == WHOLE && !file.isComplete())) {
            throw new IllegalArgumentException("region at " + start + " of " + file);
        }
        refs = List.copyOf(refs);
        extents = List.copyOf(extents);
        requireAscending(extents);
    }

    static FinishedItem whole(Entry file) {
        return new FinishedItem(file, WHOLE, List.of(), List.of());
    }

    static FinishedItem region(Entry file, long start, List<Extent> extents, List<ChunkRef> refs) {
        if (start < 0) {
            throw new IllegalArgumentException("region at " + start);
        }
        return new FinishedItem(file, start, extents, refs);
    }

    private static void requireAscending(List<Extent> extents) {
        long end = -1;
        for (Extent extent : extents) {
            if (extent.offset() <= end || extent.length() <= 0 || extent.length() > Long.MAX_VALUE - extent.offset()) {
                throw new IllegalArgumentException(extent + " after the one that ends at " + end);
            }
            end = extent.offset() + extent.length();
        }
    }

    EntryKey key() {
        return file.key();
    }

    boolean isWhole() {
        return start == WHOLE;
    }

    /** File bytes that need not be read again. */
    long bytes() {
        if (isWhole()) {
            return file.size();
        }
        long bytes = 0;
        for (ChunkRef ref : refs) {
            bytes += ref.raw();
        }
        return bytes;
    }

    @Override
    public int compareTo(FinishedItem other) {
        int byKey = key().compareTo(other.key());
        return byKey != 0 ? byKey : Long.compare(start, other.start);
    }
}
