package sago.common.durable;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;

/**
 * Keeps processes apart that must not write at once: an operating-system lock on a file, so that nothing stale is left after
 * {@code kill -9}. Of a folder it is that on its file {@code lock}: alone, or shared by those who may work beside each other. Held until
 * closed. One process takes a lock at most once.
 */
public final class FolderLock implements AutoCloseable {
    /** Name of the lock file. */
    public static final String NAME = "lock";

    private final Closeable held;

    private FolderLock(Closeable held) {
        this.held = held;
    }

    /**
     * Takes the lock of an existing folder, alone.
     *
     * @throws FaultException LOCKED where another process holds it, alone or shared
     */
    public static FolderLock acquire(Disk disk, Path folder) throws IOException {
        return acquire(disk, folder.resolve(NAME), folder.toString());
    }

    /**
     * Shares the lock of an existing folder.
     *
     * @throws FaultException LOCKED where another process holds it alone
     */
    public static FolderLock acquireShared(Disk disk, Path folder) throws IOException {
        return take(disk, folder.resolve(NAME), folder.toString(), true);
    }

    /**
     * Takes the lock of a file in an existing folder, alone.
     *
     * @param what the lock stands for, for the message
     * @throws FaultException LOCKED where another process holds it
     */
    public static FolderLock acquire(Disk disk, Path file, String what) throws IOException {
        return take(disk, file, what, false);
    }

    private static FolderLock take(Disk disk, Path file, String what, boolean shared) throws IOException {
        Closeable held = disk.tryLock(file, shared);
        if (held == null) {
            Optional<String> holder = LockHolder.of(file);
            throw new FaultException(
                    Fault.LOCKED,
                    what + " is in use by another sago process"
                            + holder.map(pid -> " (pid " + pid + ")").orElse("")
                            + ": wait until it ends, or stop it, then try again");
        }
        return new FolderLock(held);
    }

    @Override
    public void close() throws IOException {
        held.close();
    }
}
