package sago.sender.restore;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.sender.tree.Entry;
import sago.sender.tree.EntryCursor;
import sago.sender.tree.EntryKey;
import sago.sender.tree.EntryKind;
import sago.sender.tree.TreeReader;

/**
 * Walks a tree and gives the selected entries, each after its parent folders. Refuses an entry that lies in anything but a
 * folder of the same tree: a tree in which a link has children could lead writes out of the target. Confined to one thread.
 */
final class SelectedEntries implements EntryCursor {
    private final TreeReader tree;
    private final Selection selection;
    private final Iterator<EntryKey> places;
    private @Nullable EntryCursor cursor;

    /** Folders from {@code /} (at the bottom) to where the walk is. */
    private final Deque<Folder> folders = new ArrayDeque<>();

    private final Deque<Selected> ready = new ArrayDeque<>();
    private boolean isWhole;

    SelectedEntries(TreeReader tree, Selection selection) {
        this.tree = tree;
        this.selection = selection;
        this.places = selection.places().iterator();
    }

    /** An entry, and whether all that is below is selected, too, but for what is excluded. */
    private record Selected(Entry entry, boolean isWhole) {}

    /** Whether all that is below the entry that was given last is selected, too, but for what is excluded. */
    boolean isWhole() {
        return isWhole;
    }

    @Override
    public @Nullable Entry next() throws FaultException, InterruptedException {
        while (ready.isEmpty()) {
            Entry entry = cursor == null ? null : cursor.next();
            if (entry != null) {
                take(entry);
            } else if (places.hasNext()) {
                cursor = enter(places.next());
            } else {
                return null;
            }
        }
        Selected next = ready.remove();
        isWhole = next.isWhole();
        return next.entry();
    }

    /** Goes to a place inside the tree, taking note of the folders above; null if it does not exist. */
    private @Nullable EntryCursor enter(EntryKey place) throws FaultException, InterruptedException {
        Deque<EntryKey> above = new ArrayDeque<>();
        EntryKey at = place;
        while (!at.equals(EntryKey.ROOT)) {
            at = at.parent();
            above.push(at);
        }
        for (EntryKey key : above) {
            leaveUntilWithin(key);
            Folder top = folders.peek();
            if (top != null && top.entry.key().equals(key)) {
                continue;
            }
            Entry folder = tree.find(key);
            if (folder == null || folder.kind() != EntryKind.DIRECTORY) {
                return null;
            }
            push(folder);
        }
        return tree.within(place);
    }

    private void take(Entry entry) throws FaultException {
        leaveUntilWithin(entry.key());
        boolean wanted = push(entry);
        if (!wanted) {
            return;
        }
        Iterator<Folder> outermostFirst = folders.descendingIterator();
        while (outermostFirst.hasNext()) {
            Folder folder = outermostFirst.next();
            if (!folder.given && folder.entry.key().isWithin(selection.scope().subfolder())) {
                folder.given = true;
                ready.add(new Selected(folder.entry, folder.wanted));
            }
        }
        if (entry.kind() != EntryKind.DIRECTORY) {
            ready.add(new Selected(entry, true));
        }
    }

    /** Checks the entry's parent, opens it if it is a folder, and says whether it is wanted. */
    private boolean push(Entry entry) throws FaultException {
        EntryKey key = entry.key();
        Folder parent = folders.peek();
        boolean root = key.equals(EntryKey.ROOT);
        if (root
                ? entry.kind() != EntryKind.DIRECTORY
                : parent == null || !parent.entry.key().equals(key.parent())) {
            throw new FaultException(
                    Fault.INTEGRITY, "the snapshot's tree is damaged: " + key + " does not lie in a folder of it");
        }
        boolean excluded = (parent != null && parent.excluded) || selection.isExcluded(key);
        // Asked in any case: a pattern that matches anything is no mistake.
        boolean matches = selection.matches(key);
        boolean wanted = !excluded && (matches || (parent != null && parent.wanted));
        if (entry.kind() == EntryKind.DIRECTORY) {
            folders.push(new Folder(entry, wanted, excluded));
        }
        return wanted;
    }

    private void leaveUntilWithin(EntryKey key) {
        Folder top = folders.peek();
        while (top != null && !key.isWithin(top.entry.key())) {
            folders.pop();
            top = folders.peek();
        }
    }

    /** A folder on the way. */
    private static final class Folder {
        final Entry entry;
        final boolean wanted;
        final boolean excluded;
        boolean given;

        Folder(Entry entry, boolean wanted, boolean excluded) {
            this.entry = entry;
            this.wanted = wanted;
            this.excluded = excluded;
        }
    }
}
