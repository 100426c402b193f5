package sago.bench.ladder;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import sago.common.durable.Disk;
import sago.common.durable.DiskFile;
import sago.common.durable.DurableFiles;
import sago.common.durable.FileAccess;

/** Writes slices into pack files as a site does, forces each file once it is full, and deletes it. Confined to one thread. */
final class PackFiles implements AutoCloseable {
    private final DurableFiles files = new DurableFiles(Disk.real());
    private final Path folder;
    private @Nullable DiskFile open;
    private @Nullable Path name;
    private long position;
    private int number;

    PackFiles(Path folder) {
        this.folder = folder;
    }

    /** Writes one slice; borrows the bytes. */
    void write(ByteBuffer slice) throws IOException {
        DiskFile file = open;
        if (file == null) {
            name = folder.resolve(++number + ".pack");
            file = files.createPastCache(name, FileAccess.PRIVATE);
            open = file;
            position = 0;
        }
        int length = slice.remaining();
        file.writeFully(slice.duplicate(), position);
        position += length;
    }

    /** Ends the pack: its bytes are on the disk afterwards. */
    void force() throws IOException {
        if (open != null) {
            open.force();
            open.close();
            open = null;
        }
    }

    /** Deletes what was forced. Not part of a backup. */
    void delete() throws IOException {
        if (name != null) {
            files.disk().delete(name);
            name = null;
        }
    }

    @Override
    public void close() throws IOException {
        force();
        delete();
    }
}
