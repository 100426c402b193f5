package sago.sender.cli.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What lstat says of an entry, as the JDK's {@code unix} view gives it.
 *
 * @param mode type and permission bits
 * @param modified to the nanosecond
 * @param changed ctime
 */
record EntryStat(int mode, int uid, int gid, FileTime modified, FileTime changed, long size) {
    private static final int PERMISSION_BITS = 07777;
    private static final int FILE = 0100000;
    private static final int FOLDER = 0040000;
    private static final int LINK = 0120000;

    static EntryStat of(Path path) throws IOException {
        Map<String, Object> values =
                Files.readAttributes(path, "unix:mode,uid,gid,lastModifiedTime,ctime,size", LinkOption.NOFOLLOW_LINKS);
        return new EntryStat(
                (Integer) value(values, "mode"),
                (Integer) value(values, "uid"),
                (Integer) value(values, "gid"),
                (FileTime) value(values, "lastModifiedTime"),
                (FileTime) value(values, "ctime"),
                (Long) value(values, "size"));
    }

    private static Object value(Map<String, Object> values, String name) {
        return Objects.requireNonNull(values.get(name), name);
    }

    private int kind() {
        return mode & ~PERMISSION_BITS;
    }

    boolean isFile() {
        return kind() == FILE;
    }

    boolean isLink() {
        return kind() == LINK;
    }

    /** Whether this version restores such an entry. */
    boolean isRestorable() {
        return isFile() || isLink() || kind() == FOLDER;
    }

    /** What differs from the copy, link targets and bytes excepted; null where nothing does. */
    @Nullable
    String difference(EntryStat copy, boolean owners) {
        if (kind() != copy.kind()) {
            return "type";
        }
        if (!isLink() && mode != copy.mode) {
            return "mode";
        }
        if (owners && (uid != copy.uid || gid != copy.gid)) {
            return "owner";
        }
        if (!modified.equals(copy.modified)) {
            return "time " + modified + ", restored " + copy.modified;
        }
        return isFile() && size != copy.size ? "size" : null;
    }
}
