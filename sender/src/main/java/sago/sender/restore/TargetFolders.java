package sago.sender.restore;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import sago.sender.source.posix.FileStatus;
import sago.sender.source.posix.OpenFolder;
import sago.sender.source.posix.OpenNode;
import sago.sender.source.posix.Posix;
import sago.sender.tree.EntryKey;

/**
 * The target's folders, held open, so that nothing below the target is ever reached by a path that somebody could bend: each is opened in
 * its parent without following links. A bounded number stays open, the others are opened again from the nearest one that is. Thread-safe.
 */
final class TargetFolders implements AutoCloseable {
    private static final int OPEN_MAX = 128;

    private static final int HANDS_GROUP_DOWN = 02000;
    private static final ByteString LABEL = ByteString.copyFromUtf8("security.selinux");

    private final OpenFolder root;
    private final EntryKey top;
    private final Posix posix;

    /** Least recently used first. */
    private final Map<EntryKey, Held> open = new LinkedHashMap<>(16, 0.75f, true);

    /**
     * Opens the target, which must exist; links on the way to it are followed.
     *
     * @param top which folder of the snapshot the target stands for
     */
    TargetFolders(Path target, EntryKey top, Posix posix) throws IOException {
        this.posix = posix;
        this.root = OpenFolder.open(target);
        this.top = top;
        open.put(top, new Held(root, Origin.FOUND));
    }

    /** The target itself. */
    OpenFolder root() {
        return root;
    }

    /** Holds a folder that is there. */
    synchronized Held hold(EntryKey folder) throws IOException {
        Deque<EntryKey> missing = new ArrayDeque<>();
        EntryKey at = folder;
        Held held = open.get(at);
        while (held == null) {
            missing.push(at);
            at = at.parent();
            held = at.equals(top) ? ofTop() : open.get(at);
        }
        held.users++;
        for (EntryKey next : missing) {
            held = below(held, next, Origin.FOUND);
        }
        return held;
    }

    /** Holds a folder that was just made in this one, so that nothing is in it. */
    synchronized Held holdFresh(Held parent, EntryKey folder) throws IOException {
        parent.users++;
        return below(parent, folder, Origin.MADE);
    }

    /** Whether files that are made in a folder of this run get no attribute and no other owner from it. */
    private boolean isBare(OpenFolder folder) {
        try (OpenNode node = folder.self()) {
            FileStatus status = node.status();
            return status.uid() == posix.uid()
                    && status.gid() == posix.gid()
                    && (status.mode() & HANDS_GROUP_DOWN) == 0
                    && node.xattrNames().stream().allMatch(LABEL::equals);
        } catch (IOException e) {
            // Whoever makes something in it asks for himself.
            return false;
        }
    }

    /** How a folder came to be in the target. */
    private enum Origin {
        FOUND,
        MADE
    }

    private Held ofTop() {
        Held held = open.get(top);
        if (held == null) {
            held = new Held(root, Origin.FOUND);
            open.put(top, held);
        }
        return held;
    }

    /** Gives the parent back and holds the child. */
    private Held below(Held parent, EntryKey key, Origin origin) throws IOException {
        try {
            Held held = new Held(parent.folder.folder(key.name()), origin);
            held.users = 1;
            Held before = open.put(key, held);
            if (before != null) {
                before.drop();
            }
            makeRoom();
            return held;
        } finally {
            parent.close();
        }
    }

    private void makeRoom() {
        Iterator<Held> eldest = open.values().iterator();
        while (open.size() > OPEN_MAX && eldest.hasNext()) {
            Held held = eldest.next();
            eldest.remove();
            held.drop();
        }
    }

    @Override
    public synchronized void close() {
        open.values().forEach(Held::drop);
        open.clear();
        root.close();
    }

    /** A folder that stays open until it is given back. */
    final class Held implements AutoCloseable {
        final OpenFolder folder;

        /** Whether this run made it, so that nothing is in the way of what comes into it. */
        final boolean isFresh;

        /** Whether, besides, what is made in it gets nothing from it: it is this user's, private, and without attributes. */
        final boolean isBare;

        /**
         * Held while a name in the folder is made or changed. The kernel lets only one do that at a time, and has those that wait spin, on a core that
         * another worker could use.
         */
        final Lock names = new ReentrantLock();

        private int users;
        private boolean isDropped;

        private Held(OpenFolder folder, Origin origin) {
            this.folder = folder;
            this.isFresh = origin == Origin.MADE;
            this.isBare = isFresh && isBare(folder);
        }

        private void drop() {
            isDropped = true;
            closeUnused();
        }

        private void closeUnused() {
            if (isDropped && users == 0 && folder != root) {
                folder.close();
            }
        }

        @Override
        public void close() {
            synchronized (TargetFolders.this) {
                users--;
                closeUnused();
            }
        }
    }
}
