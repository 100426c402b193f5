package sago.sender.backup;

import java.nio.file.Path;

/** Hears what a person should know while a backup runs. Called on several threads. */
public interface BackupListener {
    /** This file, link or folder could not be read; the rest goes on. */
    void unreadable(Path path, String reason);

    /** This was found by the walk and was gone when its turn came. */
    void vanished(Path path);

    /** This file was written while it was read: what is stored of it may never have been its content at any one moment. */
    void changed(Path path);

    /** A run that was cut off has finished so many files, and so many bytes of them and of parts of large ones, which this one need not read if they are the same. */
    default void resumed(long files, long bytes) {}

    /** Something is not as it should be, but the backup goes on. */
    void warning(String message);
}
