package sago.common.durable;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A file system, as small as it can be replaced by a simulated one. Nothing survives a power loss unless it was forced: the bytes and
 * the length of a file by {@link DiskFile#force()}, its name by {@link #forceFolder}. Missing things are
 * {@link java.nio.file.NoSuchFileException}, unexpected ones {@link java.nio.file.FileAlreadyExistsException}; a failed force is
 * a {@link sago.common.fault.FaultException} with {@code DISK}. Thread-safe.
 */
public interface Disk {
    /** Blocks that go past the page cache, and where memory for them begins. */
    int BLOCK_BYTES = 4096;

    /** Memory outside of the heap that begins at a block. */
    static ByteBuffer blocks(int bytes) {
        return ByteBuffer.allocateDirect(bytes + BLOCK_BYTES)
                .alignedSlice(BLOCK_BYTES)
                .slice(0, bytes);
    }

    /** The machine's disk. */
    static Disk real() {
        return RealDisk.INSTANCE;
    }

    /** Creates an empty file, which must not exist, for writing and reading. */
    DiskFile create(Path path, FileAccess access) throws IOException;

    /**
     * The same for a large file that nobody reads soon: what is written to it in whole blocks, from memory outside of the heap that begins at a
     * block, goes past the system's page cache where the file system can. It costs less, and what others have in the cache stays there.
     */
    DiskFile createPastCache(Path path, FileAccess access) throws IOException;

    /** Opens an existing file for writing and reading. */
    DiskFile open(Path path) throws IOException;

    /** Opens an existing file for reading. */
    DiskFile openRead(Path path) throws IOException;

    /** Creates a folder, which must not exist, in a folder that does. */
    void createFolder(Path path, FileAccess access) throws IOException;

    /** Renames atomically within one folder; replaces what has the new name. There is no fallback. */
    void move(Path from, Path to) throws IOException;

    /** Deletes a file or an empty folder, which must exist. */
    void delete(Path path) throws IOException;

    /** Makes names that were created, moved or deleted in this folder durable. */
    void forceFolder(Path folder) throws IOException;

    /** Names in a folder, sorted. */
    List<String> list(Path folder) throws IOException;

    boolean exists(Path path);

    /** Whether this is a folder itself, not a link to one. */
    boolean isFolder(Path path);

    /** Bytes that this process may still write to the file system of this folder. */
    long usableBytes(Path folder) throws IOException;

    /** Size of the file system of this folder. */
    long totalBytes(Path folder) throws IOException;

    /**
     * Takes the lock of this file, creating it if need be, until the result is closed or the process ends in whatever way.
     *
     * @param shared beside others who share it; otherwise alone
     * @return null where somebody else holds it
     */
    @Nullable
    Closeable tryLock(Path path, boolean shared) throws IOException;
}
