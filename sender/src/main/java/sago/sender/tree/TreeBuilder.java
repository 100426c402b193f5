package sago.sender.tree;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sago.common.fault.FaultException;
import sago.sender.pack.ChunkKind;
import sago.sender.pack.ChunkRef;
import sago.sender.pack.ChunkWriter;

/**
 * Makes a tree of entries that arrive in key order: one open node per level is all that it holds. Equal subtrees give
 * equal nodes, so an unchanged part of a tree is deduplicated like any chunk. Confined to one thread.
 */
public final class TreeBuilder {
    private final ChunkWriter chunks;
    private final List<Level> levels = new ArrayList<>();
    private @Nullable EntryKey lastKey;
    private TreeTotals totals = TreeTotals.NONE;

    public TreeBuilder(ChunkWriter chunks) {
        this.chunks = chunks;
        levels.add(new Level(0));
    }

    /** Adds an entry, whose key must come after every key before; a file must have its content. Blocks while the window is full. */
    public void add(Entry entry) throws FaultException, InterruptedException {
        if (lastKey != null && lastKey.compareTo(entry.key()) >= 0) {
            throw new IllegalArgumentException(entry.key() + " does not come after " + lastKey);
        }
        if (!entry.isComplete()) {
            throw new IllegalArgumentException(
                    entry.key() + " has " + entry.size() + " bytes but no content of that length");
        }
        lastKey = entry.key();
        totals = totals.plus(entry);
        Level leaves = levels.get(0);
        leaves.open.add(entry);
        if (leaves.open.endsHere()) {
            close(leaves);
        }
    }

    /** Writes what is left. The builder is of no use afterwards. */
    public TreeRoot finish() throws FaultException, InterruptedException {
        for (int i = 0; ; i++) {
            Level level = levels.get(i);
            if (level.only != null && level.closed == 0 && level.open.items() == 1) {
                return new TreeRoot(level.only, i - 1);
            }
            if (level.closed == 0) {
                return new TreeRoot(write(level), i);
            }
            if (!level.open.isEmpty()) {
                close(level);
            }
        }
    }

    /** What was added so far. */
    public TreeTotals totals() {
        return totals;
    }

    private void close(Level level) throws FaultException, InterruptedException {
        EntryKey firstKey = level.open.firstKey();
        long entries = level.open.entries();
        ChunkRef ref = write(level);
        level.closed++;
        level.open = new NodeEncoder(level.number);
        int above = level.number + 1;
        if (levels.size() == above) {
            levels.add(new Level(above));
        }
        Level parent = levels.get(above);
        parent.open.add(firstKey, ref, entries);
        parent.only = ref;
        if (parent.open.endsHere()) {
            close(parent);
        }
    }

    private ChunkRef write(Level level) throws FaultException, InterruptedException {
        byte[] bytes = level.open.toBytes();
        return chunks.write(ChunkKind.TREE, bytes, 0, bytes.length);
    }

    /** The open node of one level. */
    private static final class Level {
        final int number;
        NodeEncoder open;
        long closed;

        /** The child added last: the root of the tree if it stays the only one. */
        @Nullable
        ChunkRef only;

        Level(int number) {
            this.number = number;
            this.open = new NodeEncoder(number);
        }
    }
}
