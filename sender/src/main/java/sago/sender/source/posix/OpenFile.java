package sago.sender.source.posix;

import com.sun.jna.LastErrorException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;

/**
 * A file open for reading. Opening it follows no link, never waits (a pipe without a writer opens at once) and leaves the access time alone
 * where the kernel lets this process do so. Confined to one thread.
 */
public final class OpenFile implements AutoCloseable {
    /** Of one read into the heap, which goes through memory outside of it: as much as stays in the core's cache. */
    private static final int COPY_BYTES = 512 << 10;

    /** One per thread that reads: opening a small file must not cost an allocation of this size. */
    private static final ThreadLocal<NativeMemory> COPY = ThreadLocal.withInitial(() -> new NativeMemory(COPY_BYTES));

    private static final ThreadLocal<StatusReader> STATUS = ThreadLocal.withInitial(StatusReader::new);

    private final int file;
    private boolean closed;

    private OpenFile(int file) {
        this.file = file;
    }

    /** Opens an absolute path of any length, given by its bytes. */
    public static OpenFile of(byte[] path) throws IOException {
        return new OpenFile(open(path, OpenFlags.READ_NOATIME, OpenFlags.READ));
    }

    /** Tries the first flags, and the others where only the owner may use the first. */
    static int open(byte[] path, int flags, int otherwise) throws IOException {
        try (NativePath call = NativePath.of(path)) {
            try {
                return LibC.openat(LibC.AT_FDCWD, call.terminated(), flags);
            } catch (LastErrorException e) {
                if (e.getErrorCode() != Errno.EPERM) {
                    throw e;
                }
                return LibC.openat(LibC.AT_FDCWD, call.terminated(), otherwise);
            }
        } catch (LastErrorException e) {
            throw Errno.exception("open it", path, e);
        }
    }

    /** The file as a channel to read at positions; whatever else a channel can do is not supported. Closing it closes this. */
    public FileChannel channel() {
        return new OpenFileChannel(this);
    }

    /** Whatever was opened, as it is now. */
    public FileStatus status() throws IOException {
        return STATUS.get().of(open());
    }

    /** Reads into the buffer, as much as one call gives; -1 at the end. */
    int read(ByteBuffer into, long position) throws IOException {
        if (!into.hasRemaining()) {
            return 0;
        }
        NativeMemory copy = COPY.get();
        long read;
        try {
            read = LibC.pread(open(), copy.address(), Math.min(into.remaining(), copy.bytes()), position);
        } catch (LastErrorException e) {
            throw new IOException("cannot read: " + Errno.text(e), e);
        }
        if (read == 0) {
            return -1;
        }
        into.put(copy.view().limit((int) read).position(0));
        return (int) read;
    }

    /** Offset of the first data from here on, or -1 if only a hole is left. */
    public long seekData(long from) throws IOException {
        return seek(from, LibC.SEEK_DATA);
    }

    /** Offset of the first hole from here on; the end of the file counts as one. -1 beyond the end. */
    public long seekHole(long from) throws IOException {
        return seek(from, LibC.SEEK_HOLE);
    }

    /** Length of the file; of a block device too, of which the status knows none. */
    public long size() throws IOException {
        return seek(0, LibC.SEEK_END);
    }

    private long seek(long from, int whence) throws IOException {
        try {
            return LibC.lseek(open(), from, whence);
        } catch (LastErrorException e) {
            if (e.getErrorCode() == Errno.ENXIO) {
                return -1;
            }
            throw new IOException("cannot seek: " + Errno.text(e), e);
        }
    }

    private int open() throws IOException {
        if (closed) {
            throw new ClosedChannelException();
        }
        return file;
    }

    @Override
    public void close() throws IOException {
        if (!closed) {
            closed = true;
            close(file);
        }
    }

    static void close(int file) throws IOException {
        try {
            LibC.close(file);
        } catch (LastErrorException e) {
            throw new IOException("cannot close a file: " + Errno.text(e), e);
        }
    }
}
