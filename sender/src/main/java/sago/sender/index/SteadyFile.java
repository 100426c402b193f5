package sago.sender.index;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;
import sago.common.durable.Disk;
import sago.common.durable.DiskFile;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;

/**
 * A file that stays open although Java closes it under an interrupted thread: whoever comes next opens it again, so that one worker that is
 * stopped does not take the index from the others. Thread-safe.
 */
final class SteadyFile implements Closeable {
    private final Disk disk;
    private final Path path;
    private final boolean writable;
    private volatile DiskFile file;
    private volatile boolean closed;

    /** Takes ownership of the file. */
    SteadyFile(Disk disk, Path path, DiskFile file, boolean writable) {
        this.disk = disk;
        this.path = path;
        this.file = file;
        this.writable = writable;
    }

    private interface Use {
        void on(DiskFile file) throws IOException;
    }

    Path path() {
        return path;
    }

    /** Fills the buffer; {@link ClosedChannelException} only after {@link #close()}. */
    void readFully(ByteBuffer into, long position) throws IOException {
        int start = into.position();
        use(open -> open.readFully(into.position(start), position));
    }

    void writeFully(ByteBuffer from, long position) throws IOException {
        int start = from.position();
        use(open -> open.writeFully(from.position(start), position));
    }

    void force() throws IOException {
        use(DiskFile::force);
    }

    private void use(Use what) throws IOException {
        while (true) {
            DiskFile open = file;
            try {
                what.on(open);
                return;
            } catch (ClosedByInterruptException e) {
                throw new FaultException(Fault.INTERRUPTED, "stopped while using " + path, e);
            } catch (ClosedChannelException e) {
                if (closed) {
                    throw e;
                }
                reopen(open);
            }
        }
    }

    private synchronized void reopen(DiskFile broken) throws IOException {
        if (file == broken && !closed) {
            file = writable ? disk.open(path) : disk.openRead(path);
        }
    }

    @Override
    public synchronized void close() throws IOException {
        closed = true;
        file.close();
    }
}
