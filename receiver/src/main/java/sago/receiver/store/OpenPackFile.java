package sago.receiver.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sago.common.durable.DiskFile;
import sago.common.id.PackId;

/** The file of a pack that is being received, made at its first slice, and the room that it is promised. Thread-safe by its monitor. */
final class OpenPackFile {
    private static final Logger LOG = LoggerFactory.getLogger(OpenPackFile.class);

    private final PackFiles files;
    private final SpaceGauge space;
    private final PackId pack;
    private final int packBytes;
    private @Nullable DiskFile file;
    private long promisedBytes;

    OpenPackFile(PackFiles files, SpaceGauge space, PackId pack, int packBytes) {
        this.files = files;
        this.space = space;
        this.pack = pack;
        this.packBytes = packBytes;
    }

    /** Writes all of a slice; borrows the bytes. Several threads may write different slices at once. */
    void write(ByteBuffer bytes, long position) throws IOException {
        int length = bytes.remaining();
        file().writeFully(bytes, position);
        settle(length);
    }

    private synchronized DiskFile file() throws IOException {
        DiskFile open = file;
        if (open == null) {
            open = files.create(pack);
            file = open;
            promisedBytes = packBytes;
            space.opened(packBytes);
        }
        return open;
    }

    /** Forces through the channel that wrote. */
    void force() throws IOException {
        file().force();
    }

    /** Ends the receiving; the file stays. */
    synchronized void close() {
        settle(promisedBytes);
        try {
            if (file != null) {
                file.close();
            }
        } catch (IOException e) {
            LOG.warn("could not close the file of pack {}: {}", pack, e.getMessage());
        }
    }

    /** Removes the file, if one was made. One that cannot be removed goes at the next start. */
    synchronized void discard() {
        close();
        if (file == null) {
            return;
        }
        try {
            files.delete(pack);
        } catch (IOException e) {
            LOG.warn("could not delete the file of pack {}: {}", pack, e.getMessage());
        }
    }

    private synchronized void settle(long bytes) {
        long settled = Math.min(bytes, promisedBytes);
        promisedBytes -= settled;
        space.settled(settled);
    }
}
