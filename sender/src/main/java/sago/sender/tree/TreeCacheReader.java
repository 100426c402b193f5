package sago.sender.tree;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import sago.common.durable.DiskFile;
import sago.common.durable.DurableFiles;
import sago.common.id.Hash;
import sago.common.limits.Limits;

/**
 * Finds entries of the last committed snapshot, in key order, beside a walk in the same order. The file may be damaged or
 * missing without harm: what cannot be read counts as absent, so that files are read again, and is told once. Confined to one
 * thread.
 */
public final class TreeCacheReader implements AutoCloseable {
    private final DiskFile file;
    private final TreeCacheLayout.Footer footer;
    private final Consumer<String> warning;
    private long position = TreeCacheLayout.HEADER_BYTES;
    private List<Entry> block = List.of();
    private int nextInBlock;
    private @Nullable EntryKey lastKey;

    private TreeCacheReader(DiskFile file, TreeCacheLayout.Footer footer, Consumer<String> warning) {
        this.file = file;
        this.footer = footer;
        this.warning = warning;
    }

    /**
     * Opens a cache.
     *
     * @param warning hears why a cache, or the rest of it, is not used
     * @return null where there is none that can be used
     */
    public static @Nullable TreeCacheReader open(DurableFiles files, Path path, Consumer<String> warning) {
        try {
            DiskFile file = files.disk().openRead(path);
            TreeCacheLayout.Footer footer;
            try {
                footer = readFooter(file);
            } catch (IOException e) {
                file.close();
                throw e;
            }
            return new TreeCacheReader(file, footer, warning);
        } catch (NoSuchFileException e) {
            return null;
        } catch (IOException e) {
            warning.accept("the tree cache " + path + " is not used: " + e.getMessage());
            return null;
        }
    }

    private static TreeCacheLayout.Footer readFooter(DiskFile file) throws IOException {
        long size = file.size();
        if (size < TreeCacheLayout.HEADER_BYTES + TreeCacheLayout.FOOTER_BYTES) {
            throw new IOException("it is cut short");
        }
        ByteBuffer header = ByteBuffer.allocate(TreeCacheLayout.HEADER_BYTES);
        file.readFully(header, 0);
        if (!header.flip().equals(TreeCacheLayout.header())) {
            throw new IOException("it is of another version, or no tree cache");
        }
        ByteBuffer footer = ByteBuffer.allocate(TreeCacheLayout.FOOTER_BYTES);
        file.readFully(footer, size - TreeCacheLayout.FOOTER_BYTES);
        footer.flip();
        int crc = footer.getInt(TreeCacheLayout.FOOTER_CHECKED_BYTES);
        TreeCacheLayout.Footer read = TreeCacheLayout.Footer.read(footer);
        if (crc != TreeCacheLayout.crc(footer.slice(0, TreeCacheLayout.FOOTER_CHECKED_BYTES))
                || read.blockBytes() != size - TreeCacheLayout.HEADER_BYTES - TreeCacheLayout.FOOTER_BYTES) {
            throw new IOException("it is damaged at its end");
        }
        return read;
    }

    /** The snapshot that this holds: use it only if that is the one before the next. */
    public Hash manifest() {
        return footer.manifest();
    }

    /** Wall time at which that snapshot's walk started. */
    public long scanStartMs() {
        return footer.scanStartMs();
    }

    /** Entries in all: an estimate for progress. */
    public long entries() {
        return footer.entries();
    }

    /** The entry with this key, or null. Keys must be asked for in ascending order. */
    public @Nullable Entry find(EntryKey key) {
        while (true) {
            while (nextInBlock < block.size()) {
                Entry entry = block.get(nextInBlock);
                int order = entry.key().compareTo(key);
                if (order > 0) {
                    return null;
                }
                nextInBlock++;
                if (order == 0) {
                    return entry;
                }
            }
            if (!openNextBlock()) {
                return null;
            }
        }
    }

    private boolean openNextBlock() {
        long end = TreeCacheLayout.HEADER_BYTES + footer.blockBytes();
        if (position >= end) {
            return false;
        }
        try {
            block = readBlock(end);
            nextInBlock = 0;
            return true;
        } catch (IOException e) {
            warning.accept("the rest of the tree cache is not used: " + e.getMessage());
            position = end;
            block = List.of();
            nextInBlock = 0;
            return false;
        }
    }

    private List<Entry> readBlock(long end) throws IOException {
        ByteBuffer head = ByteBuffer.allocate(TreeCacheLayout.BLOCK_HEADER_BYTES);
        file.readFully(head, position);
        head.flip();
        int length = head.getInt();
        int crc = head.getInt();
        long start = position + TreeCacheLayout.BLOCK_HEADER_BYTES;
        if (length <= 0 || length > Limits.TREE_NODE_BYTES_MAX || start + length > end) {
            throw new IOException("a block of " + length + " bytes");
        }
        ByteBuffer payload = ByteBuffer.allocate(length);
        file.readFully(payload, start);
        if (crc != TreeCacheLayout.crc(payload.flip())) {
            throw new IOException("a block is damaged");
        }
        List<Entry> entries = NodeDecoder.leaf(payload.array());
        if (entries.isEmpty()
                || (lastKey != null && lastKey.compareTo(entries.get(0).key()) >= 0)) {
            throw new IOException("its entries are out of order");
        }
        lastKey = entries.get(entries.size() - 1).key();
        position = start + length;
        return entries;
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
