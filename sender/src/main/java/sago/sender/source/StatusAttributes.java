package sago.sender.source;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import sago.sender.source.posix.FileStatus;
import sago.sender.tree.Attributes;
import sago.sender.tree.EntryKind;
import sago.sender.tree.Moment;

/** What an entry keeps of a file's status. Any thread. */
final class StatusAttributes {
    private StatusAttributes() {}

    /** Null for a kind of file that nobody knows. */
    static @Nullable Attributes of(FileStatus status) {
        EntryKind kind = EntryKind.ofMode(status.mode());
        if (kind == null) {
            return null;
        }
        boolean device = kind == EntryKind.CHARACTER_DEVICE || kind == EntryKind.BLOCK_DEVICE;
        return new Attributes(
                kind,
                status.mode() & Attributes.MODE_MAX,
                status.uid(),
                status.gid(),
                moment(status.modified()),
                moment(status.changed()),
                new Attributes.Identity(status.inode(), status.device(), status.links()),
                kind == EntryKind.FILE ? status.size() : 0,
                device ? status.rdev() : 0);
    }

    static Moment moment(Instant instant) {
        return new Moment(instant.getEpochSecond(), instant.getNano());
    }
}
