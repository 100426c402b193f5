package sago.sender.tree;

import com.google.protobuf.ByteString;
import java.util.List;
import sago.common.limits.Limits;

/** One name in a snapshot: key, attributes, and what a file or symbolic link holds. Immutable. */
public final class Entry {
    /** File systems stamp time in ticks: a file changed this shortly before a scan may change again under the same ctime. */
    private static final int SETTLED_S = 2;

    private final EntryKey key;
    private final Attributes attributes;
    private final ByteString linkTarget;
    private final List<Xattr> xattrs;
    private final Data data;

    /** What a file holds: bytes, and where none are. */
    private record Data(FileContent content, Holes holes) {
        static final Data NONE = new Data(FileContent.EMPTY, Holes.NONE);
    }

    private Entry(EntryKey key, Attributes attributes, ByteString linkTarget, List<Xattr> xattrs, Data data) {
        boolean link = attributes.kind() == EntryKind.SYMLINK;
        if (link == linkTarget.isEmpty() || linkTarget.size() >= Limits.PATH_BYTES_MAX || hasNul(linkTarget)) {
            throw new IllegalArgumentException(
                    "link target of a " + attributes.kind() + ": " + linkTarget.size() + " bytes");
        }
        this.key = key;
        this.attributes = attributes;
        this.linkTarget = linkTarget;
        this.xattrs = xattrs;
        this.data = data;
    }

    /** An entry of any kind but a symbolic link; a file gets its content later. */
    public static Entry of(EntryKey key, Attributes attributes) {
        return new Entry(key, attributes, ByteString.EMPTY, List.of(), Data.NONE);
    }

    /** A symbolic link: the target's bytes are kept as they are. */
    public static Entry symlink(EntryKey key, Attributes attributes, ByteString target) {
        return new Entry(key, attributes, target, List.of(), Data.NONE);
    }

    /** This file with what was read of it; its size becomes the length of the content. */
    public Entry withContent(FileContent newContent) {
        return withContent(newContent, Holes.NONE);
    }

    /** This file with what was read of it between holes; its size becomes the length of both. */
    public Entry withContent(FileContent newContent, Holes newHoles) {
        if (attributes.kind() != EntryKind.FILE) {
            throw new IllegalArgumentException("content of a " + attributes.kind());
        }
        if (newHoles.bytes() > Long.MAX_VALUE - newContent.bytes()
                || newHoles.end() > newContent.bytes() + newHoles.bytes()) {
            throw new IllegalArgumentException(
                    "holes up to " + newHoles.end() + " beside " + newContent.bytes() + " bytes");
        }
        return new Entry(
                key,
                attributes.withSize(newContent.bytes() + newHoles.bytes()),
                linkTarget,
                xattrs,
                new Data(newContent, newHoles));
    }

    /** This with extended attributes, ascending by name and at most {@link Limits#XATTRS_BYTES_MAX} in all. */
    public Entry withXattrs(List<Xattr> ascending) {
        return ascending.isEmpty() && xattrs.isEmpty()
                ? this
                : new Entry(key, attributes, linkTarget, Xattr.checked(ascending), data);
    }

    public EntryKey key() {
        return key;
    }

    public EntryKind kind() {
        return attributes.kind();
    }

    public Attributes attributes() {
        return attributes;
    }

    /** Target of a symbolic link, byte for byte; empty for every other kind. */
    public ByteString linkTarget() {
        return linkTarget;
    }

    /** Content of a file between its holes; empty for every other kind. */
    public FileContent content() {
        return data.content();
    }

    /** Holes of a file; none for every other kind. */
    public Holes holes() {
        return data.holes();
    }

    /** Extended attributes, ascending by name. */
    public List<Xattr> xattrs() {
        return xattrs;
    }

    public long size() {
        return attributes.size();
    }

    /** Whether this entry may stand in a tree: the content of a file and its holes are as long as the file. */
    public boolean isComplete() {
        return data.content().bytes() + data.holes().bytes() == attributes.size();
    }

    /**
     * Whether this file, as scanned now, is the one of the last snapshot, so that it need not be read: same inode, size,
     * mtime and ctime, and settled at that scan's start.
     *
     * @param last what the last snapshot holds under this key
     * @param lastScanMs wall time at which the last scan started
     */
    public boolean isUnchangedSince(Entry last, long lastScanMs) {
        return hasStatOf(last) && last.isSettled(lastScanMs);
    }

    /**
     * Whether the extended attributes of this, whatever its kind, are those of the last snapshot, so that they need not be read: every
     * change of them shows in the ctime.
     *
     * @param last what the last snapshot holds under this key
     * @param lastScanMs wall time at which the last scan started
     */
    public boolean hasXattrsOf(Entry last, long lastScanMs) {
        return kind() == last.kind()
                && attributes.changed().equals(last.attributes.changed())
                && attributes.identity().inode() == last.attributes.identity().inode()
                && last.isSettled(lastScanMs);
    }

    /** Whether both are files with the same inode, size, mtime and ctime. */
    public boolean hasStatOf(Entry last) {
        return kind() == EntryKind.FILE
                && last.kind() == EntryKind.FILE
                && attributes.size() == last.attributes.size()
                && attributes.modified().equals(last.attributes.modified())
                && attributes.changed().equals(last.attributes.changed())
                && attributes.identity().inode() == last.attributes.identity().inode();
    }

    /** Whether this had not changed for long enough when a scan started at this wall time, so that a later change shows in its ctime. */
    public boolean isSettled(long scanStartMs) {
        return attributes.changed().isBefore(scanStartMs, SETTLED_S);
    }

    private static boolean hasNul(ByteString bytes) {
        for (int i = 0; i < bytes.size(); i++) {
            if (bytes.byteAt(i) == 0) {
                return true;
            }
        }
        return false;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Entry entry
                && key.equals(entry.key)
                && attributes.equals(entry.attributes)
                && linkTarget.equals(entry.linkTarget)
                && xattrs.equals(entry.xattrs)
                && data.equals(entry.data);
    }

    @Override
    public int hashCode() {
        return key.hashCode();
    }

    @Override
    public String toString() {
        return kind() + " " + key;
    }
}
