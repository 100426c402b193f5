package sago.sender.tree;

/**
 * What {@code lstat} says of an entry. Immutable.
 *
 * @param kind of the entry
 * @param mode permission bits with setuid, setgid and sticky, 0 to 07777
 * @param uid owner, unsigned
 * @param gid group, unsigned
 * @param modified mtime
 * @param changed ctime
 * @param identity inode, device and number of links
 * @param size in bytes of a regular file; 0 for every other kind
 * @param rdev device number of a device; 0 for every other kind
 */
public record Attributes(
        EntryKind kind,
        int mode,
        int uid,
        int gid,
        Moment modified,
        Moment changed,
        Identity identity,
        long size,
        long rdev) {
    public static final int MODE_MAX = 07777;

    public Attributes {
        if (mode < 0 || mode > MODE_MAX) {
            throw new IllegalArgumentException("mode: " + Integer.toOctalString(mode));
        }
        if (size < 0 || (size > 0 && kind != EntryKind.FILE)) {
            throw new IllegalArgumentException("size of a " + kind + ": " + size);
        }
    }

    /** Which inode it is on which device, and how many names it has. */
    public record Identity(long inode, long device, int links) {}

    /** A file with everything else of this: the image of a device. */
    public Attributes ofFile(long fileSize) {
        return new Attributes(EntryKind.FILE, mode, uid, gid, modified, changed, identity, fileSize, 0);
    }

    /** The same with another size: what was read instead of what the directory said before. */
    public Attributes withSize(long newSize) {
        return newSize == size
                ? this
                : new Attributes(kind, mode, uid, gid, modified, changed, identity, newSize, rdev);
    }
}
