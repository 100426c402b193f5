package sago.common.durable;

import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** Who may read a new file or folder besides its owner. The process's umask can only take away from it. */
public enum FileAccess {
    /** Only the owner: 0600, folders 0700. */
    PRIVATE("rw-------", "rwx------"),
    /** Everybody may read: 0644, folders 0755. For texts that are handed on, such as requests and grants. */
    READABLE("rw-r--r--", "rwxr-xr-x");

    private final String file;
    private final String folder;

    FileAccess(String file, String folder) {
        this.file = file;
        this.folder = folder;
    }

    FileAttribute<Set<PosixFilePermission>> ofFile() {
        return attribute(file);
    }

    FileAttribute<Set<PosixFilePermission>> ofFolder() {
        return attribute(folder);
    }

    private static FileAttribute<Set<PosixFilePermission>> attribute(String permissions) {
        return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions));
    }
}
