package sago.sender.checkpoint;

import java.util.List;
import org.jspecify.annotations.Nullable;
import sago.common.fault.FaultException;
import sago.sender.tree.Entry;
import sago.sender.tree.EntryKey;

/**
 * Sums up cursors into one: of each file the newest state counts, whole or in regions, and the regions of all runs that saw it in that
 * state come together. Confined to one thread.
 */
final class Merge {
    private final List<FinishedCursor> oldestFirst;
    private @Nullable Entry newest;
    private boolean newestWhole;

    Merge(List<FinishedCursor> oldestFirst) {
        this.oldestFirst = List.copyOf(oldestFirst);
    }

    /** What comes next, or null at the end. */
    @Nullable
    FinishedItem next() throws FaultException {
        while (true) {
            FinishedItem least = least();
            if (least == null) {
                return null;
            }
            if (newest == null || !newest.key().equals(least.key())) {
                beginKey(least.key());
            }
            FinishedItem taken = take(least);
            if (taken.isWhole() == newestWhole && newest != null && taken.file().hasStatOf(newest)) {
                return taken;
            }
        }
    }

    private @Nullable FinishedItem least() throws FaultException {
        FinishedItem least = null;
        for (FinishedCursor cursor : oldestFirst) {
            FinishedItem item = cursor.peek();
            if (item != null && (least == null || item.compareTo(least) < 0)) {
                least = item;
            }
        }
        return least;
    }

    private void beginKey(EntryKey key) throws FaultException {
        for (FinishedCursor cursor : oldestFirst) {
            FinishedItem item = cursor.peek();
            if (item != null && item.key().equals(key)) {
                newest = item.file();
                newestWhole = item.isWhole();
            }
        }
    }

    /** Steps over this item in every cursor; returns the newest that has the state that counts, or any. */
    private FinishedItem take(FinishedItem least) throws FaultException {
        FinishedItem taken = least;
        for (FinishedCursor cursor : oldestFirst) {
            FinishedItem item = cursor.peek();
            if (item != null && item.compareTo(least) == 0) {
                if (newest != null && item.file().hasStatOf(newest)) {
                    taken = item;
                }
                cursor.advance();
            }
        }
        return taken;
    }
}
