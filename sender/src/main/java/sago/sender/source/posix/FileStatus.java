package sago.sender.source.posix;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Map;

/**
 * What {@code lstat} says of one path, in one call. Immutable.
 *
 * @param mode type and permission bits, {@code st_mode}
 */
public record FileStatus(
        int mode,
        int uid,
        int gid,
        Instant modified,
        Instant changed,
        long inode,
        long device,
        int links,
        long size,
        long rdev) {
    private static final String WHAT = "unix:mode,ino,dev,rdev,nlink,uid,gid,size,lastModifiedTime,ctime";

    /** Looks at the path itself, never at what a link points to. */
    public static FileStatus of(Path path) throws IOException {
        Map<String, Object> map = Files.readAttributes(path, WHAT, LinkOption.NOFOLLOW_LINKS);
        return new FileStatus(
                number(map, "mode").intValue(),
                number(map, "uid").intValue(),
                number(map, "gid").intValue(),
                instant(map, "lastModifiedTime"),
                instant(map, "ctime"),
                number(map, "ino").longValue(),
                number(map, "dev").longValue(),
                number(map, "nlink").intValue(),
                number(map, "size").longValue(),
                number(map, "rdev").longValue());
    }

    private static Number number(Map<String, Object> map, String name) throws IOException {
        if (map.get(name) instanceof Number number) {
            return number;
        }
        throw new IOException("the file system tells no " + name);
    }

    private static Instant instant(Map<String, Object> map, String name) throws IOException {
        if (map.get(name) instanceof FileTime time) {
            return time.toInstant();
        }
        throw new IOException("the file system tells no " + name);
    }
}
