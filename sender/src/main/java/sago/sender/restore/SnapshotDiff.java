package sago.sender.restore;

import org.jspecify.annotations.Nullable;
import sago.common.fault.FaultException;
import sago.sender.pack.ChunkRef;
import sago.sender.tree.Attributes;
import sago.sender.tree.ContentCursor;
import sago.sender.tree.Entry;
import sago.sender.tree.EntryCursor;
import sago.sender.tree.EntryKey;
import sago.sender.tree.EntryKind;
import sago.sender.tree.TreeReader;

/** What differs between two snapshots of one dataset: walks both trees side by side. Confined to one thread. */
public final class SnapshotDiff {
    private final TreeReader before;
    private final TreeReader after;

    public SnapshotDiff(TreeReader before, TreeReader after) {
        this.before = before;
        this.after = after;
    }

    /** How an entry differs. */
    public enum Difference {
        ADDED,
        REMOVED,
        /** A file with other bytes, or a link with another target. */
        MODIFIED,
        /** The same bytes with another owner, mode, time or other extended attributes. */
        METADATA,
        /** Something of another kind. */
        KIND
    }

    /** Hears of each difference, in key order. */
    @FunctionalInterface
    public interface Listener {
        /** One of both may be null. */
        void differs(Difference difference, @Nullable Entry was, @Nullable Entry is) throws FaultException;
    }

    /** Compares a folder of one with a folder of the other, both with all that is below. */
    public void compare(EntryKey from, Listener listener) throws FaultException, InterruptedException {
        EntryCursor left = before.within(from);
        EntryCursor right = after.within(from);
        Entry was = left.next();
        Entry is = right.next();
        while (was != null || is != null) {
            int order = was == null ? 1 : is == null ? -1 : was.key().compareTo(is.key());
            if (order < 0) {
                listener.differs(Difference.REMOVED, was, null);
                was = left.next();
            } else if (order > 0) {
                listener.differs(Difference.ADDED, null, is);
                is = right.next();
            } else if (was != null && is != null) {
                Difference difference = difference(was, is);
                if (difference != null) {
                    listener.differs(difference, was, is);
                }
                was = left.next();
                is = right.next();
            }
        }
    }

    private @Nullable Difference difference(Entry was, Entry is) throws FaultException, InterruptedException {
        if (was.kind() != is.kind()) {
            return Difference.KIND;
        }
        if (!was.linkTarget().equals(is.linkTarget())
                || was.attributes().rdev() != is.attributes().rdev()
                || (was.kind() == EntryKind.FILE && !hasSameBytes(was, is))) {
            return Difference.MODIFIED;
        }
        Attributes one = was.attributes();
        Attributes other = is.attributes();
        boolean isSame = one.mode() == other.mode()
                && one.uid() == other.uid()
                && one.gid() == other.gid()
                && one.modified().equals(other.modified())
                && was.xattrs().equals(is.xattrs());
        return isSame ? null : Difference.METADATA;
    }

    /** By the ids of chunks: the same chunk may lie in different packs. */
    private boolean hasSameBytes(Entry was, Entry is) throws FaultException, InterruptedException {
        if (was.size() != is.size() || !was.holes().equals(is.holes())) {
            return false;
        }
        if (was.content().equals(is.content())) {
            return true;
        }
        ContentCursor left = before.content(was.content());
        ContentCursor right = after.content(is.content());
        while (true) {
            ChunkRef one = left.next();
            ChunkRef other = right.next();
            if (one == null || other == null) {
                return one == null && other == null;
            }
            if (one.raw() != other.raw() || one.check() != other.check()) {
                return false;
            }
        }
    }
}
