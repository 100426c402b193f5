package sago.sender.tree;

import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import sago.common.fault.FaultException;
import sago.sender.pack.ChunkKind;
import sago.sender.pack.ChunkRef;
import sago.sender.pack.ChunkSource;

/** A stored tree. Thread-safe: each cursor that it gives is confined to one thread. */
public final class TreeReader {
    private final ChunkSource chunks;
    private final TreeRoot root;

    public TreeReader(ChunkSource chunks, TreeRoot root) {
        this.chunks = chunks;
        this.root = root;
    }

    /** Every entry. */
    public EntryCursor all() throws FaultException, InterruptedException {
        return TreeCursor.open(chunks, root, EntryKey.ROOT, null);
    }

    /** Every entry from the first whose key is this one or comes after it. */
    public EntryCursor from(EntryKey key) throws FaultException, InterruptedException {
        return TreeCursor.open(chunks, root, key, null);
    }

    /** An entry and, if it is a folder, everything below it. */
    public EntryCursor within(EntryKey folder) throws FaultException, InterruptedException {
        return TreeCursor.open(chunks, root, folder, folder);
    }

    /** The entry with exactly this key, or null. */
    public @Nullable Entry find(EntryKey key) throws FaultException, InterruptedException {
        Entry entry = from(key).next();
        return entry != null && entry.key().equals(key) ? entry : null;
    }

    /**
     * Every entry from the one with this number on, as parents count their children: what they say is checked on the way.
     *
     * @param number from 0; beyond the last there is none
     */
    public EntryCursor fromNumber(long number) throws FaultException, InterruptedException {
        ChunkRef ref = root.ref();
        long left = number;
        for (int level = root.level(); level > 0; level--) {
            NodeDecoder.Child holds = null;
            for (NodeDecoder.Child child : NodeDecoder.branch(chunks.read(ref, ChunkKind.TREE), level)) {
                if (left < child.entries()) {
                    holds = child;
                    break;
                }
                left -= child.entries();
            }
            if (holds == null) {
                return () -> null;
            }
            ref = holds.ref();
        }
        List<Entry> leaf = NodeDecoder.leaf(chunks.read(ref, ChunkKind.TREE));
        return left < leaf.size() ? from(leaf.get((int) left).key()) : () -> null;
    }

    /** Some chunk of a file that is not empty; of a long file only the lists on the way to it are opened. */
    public ChunkRef anyChunk(FileContent content, Random random) throws FaultException, InterruptedException {
        ChunkRef ref = content.refs().get(random.nextInt(content.refs().size()));
        for (int level = content.listLevel(); level > 0; level--) {
            List<NodeDecoder.Span> spans = NodeDecoder.list(chunks.read(ref, ChunkKind.LIST), level);
            ref = spans.get(random.nextInt(spans.size())).ref();
        }
        return ref;
    }

    /** The chunks of a file of this tree, in file order. */
    public ContentCursor content(FileContent content) {
        return new ContentCursor(chunks, content);
    }

    /** INTEGRITY, for whoever follows references himself. */
    public static FaultException damaged(String what) {
        return NodeDecoder.corrupt(what);
    }
}
