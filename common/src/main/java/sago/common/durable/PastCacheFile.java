package sago.common.durable;

import com.sun.nio.file.ExtendedOpenOption;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file whose whole blocks are written past the page cache (O_DIRECT), through a second channel, and the rest as usual. Where the file
 * system refuses, everything goes as usual: whatever a direct write met, the usual one or the force meets again.
 */
final class PastCacheFile implements DiskFile {
    private static final Logger LOG = LoggerFactory.getLogger(PastCacheFile.class);

    private final DiskFile cached;
    private final Path path;
    private @Nullable FileChannel direct;
    private boolean refused;

    /** Takes ownership of the file. */
    PastCacheFile(DiskFile cached, Path path) {
        this.cached = cached;
        this.path = path;
    }

    @Override
    public int write(ByteBuffer from, long position) throws IOException {
        FileChannel channel = isWholeBlocks(from, position) ? direct() : null;
        if (channel == null) {
            return cached.write(from, position);
        }
        try {
            return channel.write(from, position);
        } catch (IOException e) {
            refuse(e);
            return cached.write(from, position);
        }
    }

    /** Where the file system's blocks are larger the write is refused. */
    private static boolean isWholeBlocks(ByteBuffer from, long position) {
        return from.isDirect()
                && from.remaining() % Disk.BLOCK_BYTES == 0
                && position % Disk.BLOCK_BYTES == 0
                && from.alignmentOffset(from.position(), Disk.BLOCK_BYTES) == 0;
    }

    /** The channel past the cache, opened at the first use; null where the file system refuses. */
    private synchronized @Nullable FileChannel direct() {
        if (direct == null && !refused) {
            try {
                direct = FileChannel.open(path, StandardOpenOption.WRITE, ExtendedOpenOption.DIRECT);
            } catch (IOException | UnsupportedOperationException e) {
                refuse(e);
            }
        }
        return refused ? null : direct;
    }

    private synchronized void refuse(Exception why) {
        refused = true;
        LOG.debug("{} is written through the page cache", path, why);
    }

    @Override
    public int read(ByteBuffer into, long position) throws IOException {
        return cached.read(into, position);
    }

    @Override
    public long size() throws IOException {
        return cached.size();
    }

    @Override
    public void truncate(long size) throws IOException {
        cached.truncate(size);
    }

    /** One force is for the file: for what either channel wrote. */
    @Override
    public void force() throws IOException {
        cached.force();
    }

    @Override
    public synchronized void close() throws IOException {
        try (cached) {
            if (direct != null) {
                direct.close();
            }
        }
    }
}
