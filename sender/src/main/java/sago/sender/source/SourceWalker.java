package sago.sender.source;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import sago.sender.source.posix.FileStatus;
import sago.sender.source.posix.PathBytes;
import sago.sender.tree.Attributes;
import sago.sender.tree.Entry;
import sago.sender.tree.EntryKey;
import sago.sender.tree.EntryKind;
import sago.sender.tree.Moment;

/**
 * Walks roots in key order, each entry once, with the folders above the roots up to {@code /}. Follows no link. Holds the
 * names of the folders between {@code /} and where it is, no more. What vanishes meanwhile is counted and left out; what
 * cannot be read is told to the listener. Confined to one thread.
 */
public final class SourceWalker {
    private final SourceRoots roots;
    private final Set<Path> excluded;
    private final SourceListener listener;
    private final Deque<Folder> open = new ArrayDeque<>();
    private boolean started;
    private long vanished;

    /**
     * @param excluded absolute real paths to leave out with all that is below: above all the home folder, which changes
     *     while it is used and must not be in its own backups
     */
    public SourceWalker(SourceRoots roots, Set<Path> excluded, SourceListener listener) {
        this.roots = roots;
        this.excluded = Set.copyOf(excluded);
        this.listener = listener;
    }

    /** The next entry, or null at the end. */
    public @Nullable SourceEntry next() {
        if (!started) {
            started = true;
            SourceEntry top = visit(Path.of("/"), EntryKey.ROOT);
            if (top != null) {
                return top;
            }
        }
        while (!open.isEmpty()) {
            Folder folder = open.peek();
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

    /** Entries that were gone when their turn came. */
    public long vanished() {
        return vanished;
    }

    private @Nullable SourceEntry visitChild(Folder folder, byte[] name) {
        Path path = PathBytes.resolve(folder.path, name);
        if (excluded.contains(path)) {
            return null;
        }
        EntryKey key;
        try {
            key = folder.key.child(name);
        } catch (IllegalArgumentException e) {
            listener.unreadable(path, String.valueOf(e.getMessage()));
            return null;
        }
        return visit(path, key);
    }

    private @Nullable SourceEntry visit(Path path, EntryKey key) {
        try {
            Attributes attributes = attributes(FileStatus.of(path));
            if (attributes == null) {
                listener.unreadable(path, "neither file, folder, link, pipe, socket nor device");
                return null;
            }
            if (attributes.kind() == EntryKind.SYMLINK) {
                byte[] target = PathBytes.of(Files.readSymbolicLink(path));
                return new SourceEntry(path, Entry.symlink(key, attributes, ByteString.copyFrom(target)));
            }
            if (attributes.kind() == EntryKind.DIRECTORY) {
                enter(path, key);
            }
            return new SourceEntry(path, Entry.of(key, attributes));
        } catch (NoSuchFileException e) {
            vanished++;
        } catch (IOException | IllegalArgumentException e) {
            listener.unreadable(path, reason(e));
        }
        return null;
    }

    private void enter(Path path, EntryKey key) {
        List<byte[]> names;
        if (roots.cover(key)) {
            names = list(path);
            names.sort(Arrays::compareUnsigned);
        } else {
            names = roots.namesBelow(key);
        }
        open.push(new Folder(path, key, names.toArray(new byte[0][])));
    }

    private List<byte[]> list(Path folder) {
        List<byte[]> names = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
            for (Path child : stream) {
                names.add(PathBytes.nameOf(child));
            }
        } catch (NoSuchFileException e) {
            vanished++;
        } catch (DirectoryIteratorException e) {
            listener.unreadable(folder, String.valueOf(e.getMessage()));
        } catch (IOException e) {
            listener.unreadable(folder, reason(e));
        }
        return names;
    }

    private static @Nullable Attributes attributes(FileStatus status) {
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

    private static Moment moment(Instant instant) {
        return new Moment(instant.getEpochSecond(), instant.getNano());
    }

    private static String reason(Exception e) {
        return e instanceof AccessDeniedException ? "permission denied" : String.valueOf(e.getMessage());
    }

    /** A folder whose children are being visited. */
    private static final class Folder {
        final Path path;
        final EntryKey key;
        private final byte[][] names;
        /** In place of a name that is no longer needed. */
        private static final byte[] TAKEN = {};

        private int next;

        Folder(Path path, EntryKey key, byte[][] names) {
            this.path = path;
            this.key = key;
            this.names = names;
        }

        byte @Nullable [] takeName() {
            if (next == names.length) {
                return null;
            }
            byte[] name = names[next];
            names[next++] = TAKEN;
            return name;
        }
    }
}
