package sago.common.durable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * A file that appears under its name only when it is complete: written as a draft in the same folder, front to back or at places that the
 * writer knows, then {@link #publish()} forces it, moves it over its name and forces the folder. Closed without that, it leaves nothing. One draft at
 * a time for one name. Confined to one thread.
 */
public final class DraftFile implements AutoCloseable {
    static final String SUFFIX = ".draft";

    private final Disk disk;
    private final Path target;
    private final Path draft;
    private final DiskFile file;
    private long written;
    private boolean complete;
    private boolean published;

    DraftFile(Disk disk, Path target, FileAccess access) throws IOException {
        this.disk = disk;
        this.target = target;
        this.draft = target.resolveSibling(target.getFileName() + SUFFIX);
        if (disk.exists(draft)) {
            disk.delete(draft);
        }
        this.file = disk.create(draft, access);
    }

    /** Appends all remaining bytes; borrows the buffer. What a failed call left in the buffer may be written again, to go on behind the rest. */
    public void write(ByteBuffer from) throws IOException {
        int position = from.position();
        try {
            file.writeFully(from, written);
        } finally {
            written += from.position() - position;
        }
    }

    /** Writes all remaining bytes at a place; borrows the buffer. For files whose parts are written side by side, and only those. */
    public void write(ByteBuffer from, long position) throws IOException {
        int bytes = from.remaining();
        file.writeFully(from, position);
        written = Math.max(written, position + bytes);
    }

    /** Length so far. */
    public long written() {
        return written;
    }

    /** Makes the bytes durable under the file's name. After that only {@link #close()} may follow; after a full disk also this again. */
    public void publish() throws IOException {
        appear();
        disk.forceFolder(DurableFiles.folderOf(target));
    }

    /** Gives the file its name; whoever calls this forces the folder. */
    void appear() throws IOException {
        if (!complete) {
            file.force();
            file.close();
            complete = true;
        }
        disk.move(draft, target);
        published = true;
    }

    @Override
    public void close() throws IOException {
        file.close();
        if (!published && disk.exists(draft)) {
            disk.delete(draft);
        }
    }
}
