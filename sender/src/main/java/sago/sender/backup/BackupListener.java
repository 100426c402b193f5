package sago.sender.backup;

import java.nio.file.Path;

/** Hears what a person should know while a backup runs. Called on several threads. */
public interface BackupListener {
    /** This file, link or folder could not be read; the rest goes on. */
    void unreadable(Path path, String reason);

    /** Something is not as it should be, but the backup goes on. */
    void warning(String message);
}
