package sago.sender.restore;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;
import sago.common.fault.FaultException;
import sago.sender.source.posix.OpenFolder;
import sago.sender.tree.EntryKey;

/**
 * What the target has and the snapshot has not: it is removed, or in a dry run only told. Looks only into folders that were backed up and
 * are restored as a whole, that were there before, and that lie in the target's own file system; leaves what is excluded alone. The walk
 * tells it of each folder and entry. Confined to one thread.
 */
final class Extras implements AutoCloseable {
    /** About a hundred bytes each. */
    private static final int NAMES_IN_MEMORY = 100_000;

    private final TargetFolders folders;
    private final Selection selection;
    private final RestoreCounters counters;
    private final @Nullable Remover remover;
    private final long device;
    private final UnmatchedNames names = new UnmatchedNames(NAMES_IN_MEMORY);

    /** The folders that the walk is in, of which only some are looked into. */
    private final Deque<Level> levels = new ArrayDeque<>();

    /** @param remover who removes; null for a dry run */
    Extras(TargetFolders folders, Selection selection, RestoreCounters counters, @Nullable Remover remover)
            throws IOException {
        this.folders = folders;
        this.selection = selection;
        this.counters = counters;
        this.remover = remover;
        this.device = folders.root().status().device();
    }

    /** Removes a name with all that is below. */
    interface Remover {
        void remove(OpenFolder folder, byte[] name) throws IOException;
    }

    /** A folder, and its names if it is looked into. */
    private record Level(EntryKey key, UnmatchedNames.@Nullable Folder names) {}

    /** The walk comes to an entry, which therefore is no extra. */
    void meet(EntryKey key) throws FaultException {
        Level level = levels.peek();
        if (level != null && level.names() != null) {
            level.names().remove(key.name());
        }
    }

    /** The walk goes into a folder. */
    void enter(EntryKey key, boolean isWhole) throws IOException {
        UnmatchedNames.Folder found = null;
        if (isWhole && selection.scope().isBackedUp(key)) {
            try (TargetFolders.Held held = folders.hold(key)) {
                if (!held.isFresh && held.folder.status().device() == device) {
                    found = list(held);
                } else if (!held.isFresh) {
                    counters.warn(key, "another file system is mounted here: nothing is deleted in it");
                }
            } catch (NoSuchFileException | NotDirectoryException e) {
                // Only in a dry run: the folder would be made.
                found = null;
            }
        }
        levels.push(new Level(key, found));
    }

    /** The walk goes into a folder that cannot be looked into. */
    void skip(EntryKey key) {
        levels.push(new Level(key, null));
    }

    private UnmatchedNames.Folder list(TargetFolders.Held held) throws IOException {
        UnmatchedNames.Folder found = names.folder();
        held.folder.list(name -> {
            if (!TargetFiles.isTemporary(name)) {
                found.add(name);
            }
        });
        return found;
    }

    /** The walk leaves the folder that it entered last. */
    void leave() throws IOException {
        Level level = levels.pop();
        if (level.names() == null) {
            return;
        }
        try (UnmatchedNames.Folder found = level.names();
                TargetFolders.Held held = folders.hold(level.key())) {
            found.forEach(name -> {
                EntryKey key = level.key().child(name);
                if (!selection.isExcluded(key)) {
                    remove(held, key);
                }
            });
        }
    }

    private void remove(TargetFolders.Held held, EntryKey key) {
        try {
            if (remover != null) {
                remover.remove(held.folder, key.name());
            }
            counters.count(RestoreAction.DELETE, key);
        } catch (IOException e) {
            counters.fail(key, "cannot be deleted: " + e.getMessage());
        }
    }

    @Override
    public void close() throws FaultException {
        names.close();
    }
}
