package sago.sender.tree;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sago.common.fault.FaultException;
import sago.common.limits.Limits;
import sago.sender.pack.ChunkKind;
import sago.sender.pack.ChunkRef;
import sago.sender.pack.ChunkSource;

/** Walks a tree from left to right with one node per level in memory. Confined to one thread. */
final class TreeCursor implements EntryCursor {
    private final ChunkSource chunks;
    private final EntryKey from;

    /** Null: to the end of the tree. */
    private final @Nullable EntryKey within;

    private final Deque<Branch> branches = new ArrayDeque<>();
    private List<Entry> leaf = List.of();
    private int nextInLeaf;
    private @Nullable EntryKey lastKey;
    private boolean ended;

    private TreeCursor(ChunkSource chunks, EntryKey from, @Nullable EntryKey within) {
        this.chunks = chunks;
        this.from = from;
        this.within = within;
    }

    /**
     * Goes to the first entry at or after a key.
     *
     * @param within the cursor ends after the last entry of this folder; null for none
     */
    static TreeCursor open(ChunkSource chunks, TreeRoot root, EntryKey from, @Nullable EntryKey within)
            throws FaultException, InterruptedException {
        TreeCursor cursor = new TreeCursor(chunks, from, within);
        cursor.descend(root.ref(), root.level(), null);
        return cursor;
    }

    @Override
    public @Nullable Entry next() throws FaultException, InterruptedException {
        while (!ended) {
            if (nextInLeaf < leaf.size()) {
                Entry entry = leaf.get(nextInLeaf++);
                if (lastKey != null && lastKey.compareTo(entry.key()) >= 0) {
                    throw NodeDecoder.corrupt(entry.key() + " stands after " + lastKey);
                }
                lastKey = entry.key();
                if (entry.key().compareTo(from) < 0) {
                    continue;
                }
                ended = within != null && !entry.key().isWithin(within);
                return ended ? null : entry;
            }
            ended = !advance();
        }
        return null;
    }

    /** Opens the next leaf to the right; false at the end of the tree. */
    private boolean advance() throws FaultException, InterruptedException {
        while (!branches.isEmpty()) {
            Branch branch = branches.peek();
            if (branch.next < branch.children.size()) {
                NodeDecoder.Child child = branch.children.get(branch.next++);
                descend(child.ref(), branch.level - 1, child);
                return true;
            }
            branches.pop();
        }
        return false;
    }

    /** Opens nodes down to a leaf: on the way to {@code from} the last child that may hold it, else the first. */
    private void descend(ChunkRef root, int rootLevel, NodeDecoder.@Nullable Child named)
            throws FaultException, InterruptedException {
        ChunkRef ref = root;
        NodeDecoder.@Nullable Child expected = named;
        for (int level = rootLevel; level > 0; level--) {
            Branch branch = new Branch(NodeDecoder.branch(read(ref), level), level);
            checkNamed(expected, branch.children.get(0).firstKey(), branch.entries());
            branch.next = branch.lastNotAfter(from);
            expected = branch.children.get(branch.next++);
            ref = expected.ref();
            branches.push(branch);
        }
        leaf = NodeDecoder.leaf(read(ref));
        nextInLeaf = 0;
        if (expected != null) {
            checkNamed(expected, leaf.isEmpty() ? null : leaf.get(0).key(), leaf.size());
        }
    }

    /** What a node says of its child must be true: first key and number of entries. */
    private static void checkNamed(NodeDecoder.@Nullable Child child, @Nullable EntryKey firstKey, long entries)
            throws FaultException {
        if (child != null && (firstKey == null || !child.firstKey().equals(firstKey) || child.entries() != entries)) {
            throw NodeDecoder.corrupt("a node is not the one that its parent names, at " + child.firstKey());
        }
    }

    private byte[] read(ChunkRef ref) throws FaultException, InterruptedException {
        if (ref.raw() > Limits.TREE_NODE_BYTES_MAX) {
            throw NodeDecoder.corrupt("a node of " + ref.raw() + " bytes");
        }
        return chunks.read(ref, ChunkKind.TREE);
    }

    /** An open node above the leaves. */
    private static final class Branch {
        final List<NodeDecoder.Child> children;
        final int level;
        int next;

        Branch(List<NodeDecoder.Child> children, int level) {
            this.children = children;
            this.level = level;
        }

        int lastNotAfter(EntryKey key) {
            int low = 0;
            int high = children.size() - 1;
            while (low < high) {
                int middle = (low + high + 1) >>> 1;
                if (children.get(middle).firstKey().compareTo(key) <= 0) {
                    low = middle;
                } else {
                    high = middle - 1;
                }
            }
            return low;
        }

        long entries() {
            long sum = 0;
            for (NodeDecoder.Child child : children) {
                sum += child.entries();
            }
            return sum;
        }
    }
}
