package sago.common.durable;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;

/**
 * One process at a time in a home or site folder: an operating-system lock on its file {@code lock}, so that nothing stale is left
 * after {@code kill -9}. Held until closed.
 */
public final class FolderLock implements AutoCloseable {
    /** Name of the lock file. */
    public static final String NAME = "lock";

    private final Closeable held;

    private FolderLock(Closeable held) {
        this.held = held;
    }

    /**
     * Takes the lock of an existing folder.
     *
     * @throws FaultException LOCKED where another process holds it
     */
    public static FolderLock acquire(Disk disk, Path folder) throws IOException {
        Closeable held = disk.tryLock(folder.resolve(NAME));
        if (held == null) {
            throw new FaultException(
                    Fault.LOCKED,
                    folder + " is in use by another sago process: wait until it ends, or stop it, then try again");
        }
        return new FolderLock(held);
    }

    @Override
    public void close() throws IOException {
        held.close();
    }
}
