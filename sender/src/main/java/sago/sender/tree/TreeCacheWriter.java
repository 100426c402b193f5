package sago.sender.tree;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import sago.common.durable.DraftFile;
import sago.common.durable.DurableFiles;
import sago.common.durable.FileAccess;
import sago.common.id.Hash;

/**
 * Writes the cache of a tree beside its {@link TreeBuilder}. The file takes its name only when the snapshot is committed;
 * closed before, it leaves nothing. Confined to one thread at a time.
 */
public final class TreeCacheWriter implements AutoCloseable {
    private final DraftFile draft;
    private NodeEncoder block = new NodeEncoder(0);

    /** Framed bytes that the file does not have yet. */
    private ByteBuffer unwritten = TreeCacheLayout.header();

    private boolean complete;
    private @Nullable EntryKey lastKey;
    private long entries;

    public TreeCacheWriter(DurableFiles files, Path path) throws IOException {
        draft = files.draft(path, FileAccess.PRIVATE);
    }

    /** Adds an entry, whose key must come after every key before. After an exception it is not in, and may be added again. */
    public void add(Entry entry) throws IOException {
        draft.write(unwritten);
        if (lastKey != null && lastKey.compareTo(entry.key()) >= 0) {
            throw new IllegalArgumentException(entry.key() + " does not come after " + lastKey);
        }
        lastKey = entry.key();
        block.add(entry);
        entries++;
        if (block.encodedBytes() >= NodeEncoder.BYTES_MIN) {
            frameBlock();
        }
    }

    /**
     * Completes the file and puts it in the place of the one before. After a full disk it may be called again.
     *
     * @param manifest hash of the committed snapshot
     * @param scanStartMs wall time at which the walk over the source started
     */
    public void publish(Hash manifest, long scanStartMs) throws IOException {
        draft.write(unwritten);
        if (!block.isEmpty()) {
            frameBlock();
            draft.write(unwritten);
        }
        if (!complete) {
            complete = true;
            unwritten = footer(manifest, scanStartMs);
        }
        draft.write(unwritten);
        draft.publish();
    }

    private ByteBuffer footer(Hash manifest, long scanStartMs) {
        long blockBytes = draft.written() - TreeCacheLayout.HEADER_BYTES;
        ByteBuffer footer = ByteBuffer.allocate(TreeCacheLayout.FOOTER_BYTES);
        new TreeCacheLayout.Footer(manifest, scanStartMs, entries, blockBytes).write(footer);
        return footer.flip();
    }

    private void frameBlock() {
        byte[] payload = block.toBytes();
        unwritten = ByteBuffer.allocate(TreeCacheLayout.BLOCK_HEADER_BYTES + payload.length)
                .putInt(payload.length)
                .putInt(TreeCacheLayout.crc(ByteBuffer.wrap(payload)))
                .put(payload)
                .flip();
        block = new NodeEncoder(0);
    }

    @Override
    public void close() throws IOException {
        draft.close();
    }
}
