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
    private @Nullable EntryKey lastKey;
    private long entries;

    public TreeCacheWriter(DurableFiles files, Path path) throws IOException {
        draft = files.draft(path, FileAccess.PRIVATE);
        draft.write(TreeCacheLayout.header());
    }

    /** Adds an entry, whose key must come after every key before. */
    public void add(Entry entry) throws IOException {
        if (lastKey != null && lastKey.compareTo(entry.key()) >= 0) {
            throw new IllegalArgumentException(entry.key() + " does not come after " + lastKey);
        }
        lastKey = entry.key();
        block.add(entry);
        entries++;
        if (block.encodedBytes() >= NodeEncoder.BYTES_MIN) {
            writeBlock();
        }
    }

    /**
     * Completes the file and puts it in the place of the one before.
     *
     * @param manifest hash of the committed snapshot
     * @param scanStartMs wall time at which the walk over the source started
     */
    public void publish(Hash manifest, long scanStartMs) throws IOException {
        if (!block.isEmpty()) {
            writeBlock();
        }
        long blockBytes = draft.written() - TreeCacheLayout.HEADER_BYTES;
        ByteBuffer footer = ByteBuffer.allocate(TreeCacheLayout.FOOTER_BYTES);
        new TreeCacheLayout.Footer(manifest, scanStartMs, entries, blockBytes).write(footer);
        draft.write(footer.flip());
        draft.publish();
    }

    private void writeBlock() throws IOException {
        byte[] payload = block.toBytes();
        ByteBuffer framed = ByteBuffer.allocate(TreeCacheLayout.BLOCK_HEADER_BYTES + payload.length)
                .putInt(payload.length)
                .putInt(TreeCacheLayout.crc(ByteBuffer.wrap(payload)))
                .put(payload);
        draft.write(framed.flip());
        block = new NodeEncoder(0);
    }

    @Override
    public void close() throws IOException {
        draft.close();
    }
}
