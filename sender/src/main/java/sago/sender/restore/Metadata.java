package sago.sender.restore;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import sago.sender.source.posix.FileStatus;
import sago.sender.source.posix.OpenNode;
import sago.sender.source.posix.Posix;
import sago.sender.tree.Attributes;
import sago.sender.tree.Entry;
import sago.sender.tree.EntryKind;
import sago.sender.tree.Moment;
import sago.sender.tree.Xattr;

/**
 * Sets owner, mode, extended attributes and time of a restored entry, in an order in which none undoes another: a new owner clears setuid
 * and capabilities, an ACL changes the group's bits, and what changes anything comes before the time. What is right already is left alone.
 * As root everything is set; others get files of their own, without setuid or setgid for somebody else. What cannot be set is a shortfall.
 * Thread-safe.
 */
final class Metadata {
    private static final int MODE_BITS = 07777;
    private static final int SET_UID = 04000;
    private static final int SET_GID = 02000;
    private static final int OWNER_WRITES = 0200;
    private static final int KEEP = -1;
    private static final ByteString LABEL = ByteString.copyFromUtf8("security.selinux");
    private static final ByteString USER = ByteString.copyFromUtf8("user.");

    private final Posix posix;
    private final RestoreCounters counters;

    /** Groups that this user is not in, as far as it was tried. */
    private final Set<Integer> deniedGroups = ConcurrentHashMap.newKeySet();

    Metadata(Posix posix, RestoreCounters counters) {
        this.posix = posix;
        this.counters = counters;
    }

    /**
     * Applies what the entry says to this, which is of the entry's kind.
     *
     * @param now how it is; null for what this run made just now, in a folder from which it inherited nothing but what all do
     */
    void apply(OpenNode node, Entry entry, @Nullable FileStatus now) {
        boolean changed = setOwner(node, entry, now);
        changed |= setModeAndXattrs(node, entry, changed ? null : now);
        if (changed || now == null || !isModified(now, entry.attributes())) {
            setTime(node, entry);
        }
    }

    /**
     * Applies what the entry says to a file that this run made just now in a folder that hands nothing down: it belongs to this user and
     * group and has no attributes, so that nobody need ask.
     */
    void applyToBare(OpenNode node, Entry entry) {
        Attributes attributes = entry.attributes();
        if (attributes.uid() != posix.uid() || attributes.gid() != posix.gid()) {
            setOwner(node, entry, null);
        }
        give(node, entry, null, entry.xattrs());
        setTime(node, entry);
    }

    private void setTime(OpenNode node, Entry entry) {
        Moment modified = entry.attributes().modified();
        attempt(Shortfall.TIME, entry, () -> node.setModified(modified.seconds(), modified.nanos()));
    }

    /** Whether applying the entry would change nothing, as far as this user may. */
    boolean isRight(OpenNode node, Entry entry, FileStatus now) throws IOException {
        Attributes attributes = entry.attributes();
        boolean isOwned = posix.uid() == 0
                ? now.uid() == attributes.uid() && now.gid() == attributes.gid()
                : now.uid() == posix.uid();
        if (!isOwned
                || !isModified(now, attributes)
                || (entry.kind() != EntryKind.SYMLINK && (now.mode() & MODE_BITS) != modeOf(entry))) {
            return false;
        }
        Set<ByteString> names = new HashSet<>(node.xattrNames());
        names.remove(LABEL);
        for (Xattr xattr : entry.xattrs()) {
            if (!names.remove(xattr.name()) || !node.has(xattr)) {
                return false;
            }
        }
        return names.isEmpty();
    }

    private boolean setOwner(OpenNode node, Entry entry, @Nullable FileStatus now) {
        Attributes attributes = entry.attributes();
        int uid = attributes.uid();
        int gid = attributes.gid();
        if (now != null && now.uid() == uid && now.gid() == gid) {
            return false;
        }
        if (posix.uid() == 0) {
            return attempt(Shortfall.OWNER, entry, () -> node.setOwner(uid, gid));
        }
        boolean changed = (now == null || now.gid() != gid) && setGroup(node, gid);
        if (uid != posix.uid() || deniedGroups.contains(gid)) {
            counters.fallShort(
                    Shortfall.OWNER,
                    entry.key(),
                    "it belongs to you, not to user " + Integer.toUnsignedString(uid) + " and group "
                            + Integer.toUnsignedString(gid) + ": only root can give files away");
        }
        return changed;
    }

    /** A user may give files to groups of theirs. */
    private boolean setGroup(OpenNode node, int gid) {
        if (deniedGroups.contains(gid)) {
            return false;
        }
        try {
            node.setOwner(KEEP, gid);
            return true;
        } catch (IOException e) {
            deniedGroups.add(gid);
            return false;
        }
    }

    private boolean setModeAndXattrs(OpenNode node, Entry entry, @Nullable FileStatus now) {
        try {
            return give(node, entry, now, wrongXattrs(node, entry, now));
        } catch (IOException e) {
            counters.fallShort(Shortfall.XATTR, entry.key(), String.valueOf(e.getMessage()));
            return false;
        }
    }

    /** Sets the mode if it is another, and attributes of which it has none or others. */
    private boolean give(OpenNode node, Entry entry, @Nullable FileStatus now, List<Xattr> wrong) {
        boolean changed = false;
        boolean early = posix.uid() != 0 && (entry.attributes().mode() & OWNER_WRITES) == 0;
        // The owner may set user.* only while the owner may write.
        if (early) {
            changed = set(node, entry, wrong, true);
        }
        int mode = modeOf(entry);
        if (entry.kind() != EntryKind.SYMLINK && (now == null || (now.mode() & MODE_BITS) != mode)) {
            changed |= attempt(Shortfall.MODE, entry, () -> node.setMode(mode));
        }
        changed |= set(node, entry, early ? without(wrong) : wrong, false);
        return changed;
    }

    /** Removes what the entry does not have, and gives what it has and the node has not. */
    private List<Xattr> wrongXattrs(OpenNode node, Entry entry, @Nullable FileStatus now) throws IOException {
        List<Xattr> wanted = entry.xattrs();
        Set<ByteString> names = new HashSet<>();
        wanted.forEach(xattr -> names.add(xattr.name()));
        boolean removed = false;
        for (ByteString name : node.xattrNames()) {
            if (!names.contains(name) && !name.equals(LABEL)) {
                removed |= attempt(Shortfall.XATTR, entry, () -> node.removeXattr(name));
            }
        }
        if (now == null || removed) {
            return wanted;
        }
        List<Xattr> wrong = new ArrayList<>();
        for (Xattr xattr : wanted) {
            if (!node.has(xattr)) {
                wrong.add(xattr);
            }
        }
        return wrong;
    }

    private boolean set(OpenNode node, Entry entry, List<Xattr> xattrs, boolean onlyUsers) {
        boolean changed = false;
        for (Xattr xattr : xattrs) {
            if (!onlyUsers || xattr.name().startsWith(USER)) {
                changed |= attempt(Shortfall.XATTR, entry, () -> node.set(xattr));
            }
        }
        return changed;
    }

    private static List<Xattr> without(List<Xattr> xattrs) {
        return xattrs.stream().filter(xattr -> !xattr.name().startsWith(USER)).toList();
    }

    private int modeOf(Entry entry) {
        Attributes attributes = entry.attributes();
        int mode = attributes.mode();
        if (posix.uid() != 0 && entry.kind() == EntryKind.FILE) {
            mode = attributes.uid() == posix.uid() ? mode : mode & ~SET_UID;
            mode = deniedGroups.contains(attributes.gid()) ? mode & ~SET_GID : mode;
            if (mode != attributes.mode()) {
                counters.fallShort(
                        Shortfall.SPECIAL_BITS, entry.key(), "it lost setuid or setgid, because it belongs to you");
            }
        }
        return mode;
    }

    private static boolean isModified(FileStatus now, Attributes attributes) {
        Instant there = now.modified();
        long seconds = there.getEpochSecond();
        int nanos = there.getNano();
        return seconds == attributes.modified().seconds()
                && nanos == attributes.modified().nanos();
    }

    private boolean attempt(Shortfall shortfall, Entry entry, Step step) {
        try {
            step.run();
            return true;
        } catch (IOException e) {
            counters.fallShort(shortfall, entry.key(), String.valueOf(e.getMessage()));
            return false;
        }
    }

    /** One call. */
    private interface Step {
        void run() throws IOException;
    }
}
