package sago.sender.restore;

import java.io.IOException;
import java.nio.file.Path;
import sago.sender.source.posix.Posix;
import sago.sender.tree.Attributes;
import sago.sender.tree.Entry;
import sago.sender.tree.EntryKind;

/**
 * Sets owner, mode and time of a restored entry, in that order, because a new owner clears setuid and both touch no mtime.
 * Owners only as root; others get files of their own without setuid or setgid for somebody else. What cannot be set is a
 * warning. Thread-safe.
 */
final class Metadata {
    private static final int SET_UID = 04000;
    private static final int SET_GID = 02000;

    private final Posix posix;
    private final RestoreCounters counters;

    Metadata(Posix posix, RestoreCounters counters) {
        this.posix = posix;
        this.counters = counters;
    }

    /** Applies the entry's attributes to this path, which is of the entry's kind. */
    void apply(Path path, Entry entry) {
        Attributes attributes = entry.attributes();
        if (posix.uid() == 0) {
            attempt(entry, () -> posix.setOwner(path, attributes.uid(), attributes.gid()));
        }
        if (entry.kind() != EntryKind.SYMLINK) {
            attempt(entry, () -> posix.setMode(path, modeOf(entry)));
        }
        attempt(
                entry,
                () -> posix.setModified(
                        path,
                        attributes.modified().seconds(),
                        attributes.modified().nanos()));
    }

    private int modeOf(Entry entry) {
        Attributes attributes = entry.attributes();
        int mode = attributes.mode();
        if (posix.uid() != 0 && entry.kind() == EntryKind.FILE) {
            mode = attributes.uid() == posix.uid() ? mode : mode & ~SET_UID;
            mode = attributes.gid() == posix.gid() ? mode : mode & ~SET_GID;
        }
        return mode;
    }

    private void attempt(Entry entry, Step step) {
        try {
            step.run();
        } catch (IOException e) {
            counters.warn(entry.key(), String.valueOf(e.getMessage()));
        }
    }

    /** One call. */
    private interface Step {
        void run() throws IOException;
    }
}
