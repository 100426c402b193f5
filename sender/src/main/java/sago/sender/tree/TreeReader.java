package sago.sender.tree;

import org.jspecify.annotations.Nullable;
import sago.common.fault.FaultException;
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

    /** The chunks of a file of this tree, in file order. */
    public ContentCursor content(FileContent content) {
        return new ContentCursor(chunks, content);
    }
}
