package sago.sender.source;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import sago.common.fault.FaultException;
import sago.sender.source.posix.FileStatus;
import sago.sender.source.posix.PathBytes;
import sago.sender.source.posix.Posix;
import sago.sender.source.posix.PosixReader;
import sago.sender.tree.Attributes;
import sago.sender.tree.Entry;
import sago.sender.tree.EntryKey;
import sago.sender.tree.EntryKind;
import sago.sender.tree.Xattr;

/**
 * Walks roots in key order, each entry once, with the folders above the roots up to {@code /}. Follows no link, leaves out what a filter says.
 * Holds names of the folders between {@code /} and where it is, within a bound. What vanishes meanwhile is left out and told, and so is what
 * cannot be read. Confined to one thread.
 */
public final class SourceWalker {
    /** Names held at once, of all open folders. */
    private static final int NAMES_BYTES_MAX = 32 << 20;

    private final SourceRoots roots;
    private final SourceFilter filter;
    private final FolderTags tags;
    private final Set<EntryKey> excluded = new HashSet<>();
    private final SourceListener listener;
    private final PosixReader files;
    private final Deque<VisitedFolder> open = new ArrayDeque<>();
    private boolean started;
    private long vanished;

    public SourceWalker(SourceRoots roots, Set<Path> excluded, SourceListener listener) throws FaultException {
        this(roots, SourceFilter.NONE, excluded, listener);
    }

    /**
     * @param filter what a user leaves out
     * @param excluded absolute real paths to leave out with all that is below: above all the home folder, which changes
     *     while it is used and must not be in its own backups
     */
    public SourceWalker(SourceRoots roots, SourceFilter filter, Set<Path> excluded, SourceListener listener)
            throws FaultException {
        this.roots = roots;
        this.filter = filter;
        this.listener = listener;
        this.files = Posix.load().reader();
        this.tags = new FolderTags(filter.tags(), files);
        excluded.forEach(path -> this.excluded.add(EntryKey.ofPath(PathBytes.of(path))));
    }

    /** The next entry, without extended attributes, or null at the end. */
    public @Nullable SourceEntry next() {
        if (!started) {
            started = true;
            SourceEntry top = visit(EntryKey.ROOT, null);
            if (top != null) {
                return top;
            }
        }
        while (!open.isEmpty()) {
            VisitedFolder folder = open.peek();
            byte[] name = folder.takeName();
            if (name == null) {
                open.pop();
                continue;
            }
            SourceEntry entry = visitChild(folder, name);
            if (entry != null) {
                return entry;
            }
        }
        return null;
    }

    /** The entry with its extended attributes, which are read now; without, after telling why, if they cannot be read. */
    public SourceEntry withXattrs(SourceEntry found) {
        try {
            List<Xattr> xattrs = files.xattrs(found.pathBytes());
            return xattrs.isEmpty() ? found : found.withXattrs(xattrs);
        } catch (NoSuchFileException e) {
            // Told when it is opened; anything but a file is kept as it was seen.
            return found;
        } catch (IOException | IllegalArgumentException e) {
            listener.unreadable(found.path(), reason(e));
            return found;
        }
    }

    /** Entries that were gone when their turn came. */
    public long vanished() {
        return vanished;
    }

    private @Nullable SourceEntry visitChild(VisitedFolder folder, byte[] name) {
        EntryKey key;
        try {
            key = folder.key().child(name);
        } catch (IllegalArgumentException e) {
            listener.unreadable(PathBytes.resolve(pathOf(folder.key()), name), String.valueOf(e.getMessage()));
            return null;
        }
        if (excluded.contains(key) || (roots.cover(key) && filter.excludes().cover(key))) {
            return null;
        }
        return visit(key, folder);
    }

    private @Nullable SourceEntry visit(EntryKey key, @Nullable VisitedFolder parent) {
        byte[] path = key.path();
        try {
            FileStatus status = files.status(path);
            Attributes attributes = StatusAttributes.of(status);
            if (attributes == null) {
                listener.unreadable(pathOf(key), "neither file, folder, link, pipe, socket nor device");
                return null;
            }
            if (attributes.kind() == EntryKind.DIRECTORY) {
                enter(key, path, status.device(), parent);
            } else if (isForeign(key, status.device(), parent)) {
                return null;
            }
            if (attributes.kind() == EntryKind.SYMLINK) {
                return SourceEntry.of(Entry.symlink(key, attributes, ByteString.copyFrom(files.linkTarget(path))));
            }
            return SourceEntry.of(Entry.of(key, attributes));
        } catch (NoSuchFileException e) {
            tellVanished(key);
        } catch (IOException | IllegalArgumentException e) {
            listener.unreadable(pathOf(key), reason(e));
        }
        return null;
    }

    /** Whether this lies on another file system than the one to stay on. */
    private boolean isForeign(EntryKey key, long device, @Nullable VisitedFolder parent) {
        return filter.oneFileSystem()
                && parent != null
                && device != parent.device()
                && roots.cover(key)
                && !roots.isNamed(key);
    }

    private void enter(EntryKey key, byte[] path, long device, @Nullable VisitedFolder parent) {
        boolean foreign = isForeign(key, device, parent);
        long stayOn = foreign && parent != null ? parent.device() : device;
        byte[] tag = roots.cover(key) && !foreign ? tags.tagIn(path) : null;
        FolderNames.Lister lister;
        if (!roots.cover(key) || foreign || tag != null) {
            lister = into -> {
                roots.namesBelow(key).forEach(name -> add(into, name));
                if (tag != null && tag.length > 0) {
                    add(into, tag);
                }
            };
        } else {
            lister = into -> list(key, path, into);
        }
        open.push(new VisitedFolder(key, stayOn, new FolderNames(lister, roomForNames())));
    }

    private static void add(FolderNames names, byte[] name) {
        names.add(ByteBuffer.wrap(name), 0, name.length);
    }

    /** Half of what is left, so that a folder inside a huge one has room too. */
    private int roomForNames() {
        long held = 0;
        for (VisitedFolder folder : open) {
            held += folder.heldBytes();
        }
        return (int) Math.max(0, NAMES_BYTES_MAX - held) / 2;
    }

    private void list(EntryKey key, byte[] path, FolderNames into) {
        try {
            files.names(path, into::add);
        } catch (NoSuchFileException e) {
            tellVanished(key);
        } catch (IOException e) {
            listener.unreadable(pathOf(key), reason(e));
        }
    }

    private void tellVanished(EntryKey key) {
        vanished++;
        listener.vanished(pathOf(key));
    }

    private static Path pathOf(EntryKey key) {
        return PathBytes.toPath(key.path());
    }

    private static String reason(Exception e) {
        if (e instanceof AccessDeniedException) {
            return "permission denied";
        }
        String said = e instanceof FileSystemException named ? named.getReason() : e.getMessage();
        return String.valueOf(said == null ? e.getMessage() : said);
    }
}
