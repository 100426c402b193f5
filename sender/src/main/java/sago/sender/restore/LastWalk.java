package sago.sender.restore;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;
import sago.common.fault.FaultException;
import sago.sender.source.posix.FileStatus;
import sago.sender.tree.Entry;
import sago.sender.tree.EntryKey;
import sago.sender.tree.EntryKind;

/**
 * What comes when all files are written: links of both kinds, pipes, sockets and devices, then what the snapshot does not have, and folders
 * from the inside out. Confined to one thread.
 */
final class LastWalk implements AutoCloseable {
    private final TargetFiles targets;
    private final FileRestore files;
    private final Existing existing;
    private final HardLinks names;
    private final RestoreCounters counters;
    private final Deque<Entry> folders = new ArrayDeque<>();
    private @Nullable Extras extras;

    LastWalk(TargetFiles targets, FileRestore files, Existing existing, HardLinks names) {
        this.targets = targets;
        this.files = files;
        this.existing = existing;
        this.names = names;
        this.counters = files.counters();
    }

    /** Has extras removed, and closes them. */
    void removeExtras(Extras found) {
        extras = found;
    }

    void over(SelectedEntries entries) throws IOException, InterruptedException {
        for (Entry entry = entries.next(); entry != null; entry = entries.next()) {
            leaveUntilWithin(entry.key());
            if (extras != null && !folders.isEmpty()) {
                extras.meet(entry.key());
            }
            if (entry.kind() == EntryKind.DIRECTORY) {
                folders.push(entry);
                enter(entry, entries.isWhole());
            } else {
                finish(entry);
            }
        }
        leaveUntilWithin(null);
    }

    private void enter(Entry folder, boolean isWhole) throws IOException {
        if (extras != null) {
            try {
                extras.enter(folder.key(), isWhole);
            } catch (IOException e) {
                extras.skip(folder.key());
                files.report(folder, e);
            }
        }
    }

    private void finish(Entry entry) throws IOException, InterruptedException {
        EntryKey first = names.firstName(entry);
        boolean isFirst = first.equals(entry.key());
        if (isFirst && entry.kind() == EntryKind.FILE) {
            return;
        }
        try (TargetFiles.Place place = targets.place(entry.key())) {
            FileStatus status = place.status();
            if (existing.isKept(entry, status)) {
                counters.count(RestoreAction.KEEP, entry.key());
            } else if (isFirst || !link(place, status, entry, first)) {
                make(place, status, entry);
            }
        } catch (IOException e) {
            files.report(entry, e);
        }
    }

    /** False if the other name is not there as it should be, so that this one stands for itself. */
    private boolean link(TargetFiles.Place place, @Nullable FileStatus status, Entry entry, EntryKey first)
            throws IOException {
        RestoreAction action = targets.createHardLink(place, status, entry, first);
        if (action != null) {
            counters.hardLinks.increment();
            tell(action, entry);
        }
        return action != null;
    }

    private void make(TargetFiles.Place place, @Nullable FileStatus status, Entry entry)
            throws IOException, InterruptedException {
        switch (entry.kind()) {
            case FILE -> files.restore(entry);
            case SYMLINK -> {
                tell(targets.createLink(place, status, entry, files.metadata()), entry);
                counters.links.increment();
            }
            case FIFO, SOCKET, CHARACTER_DEVICE, BLOCK_DEVICE -> {
                try {
                    tell(targets.createNode(place, status, entry, files.metadata()), entry);
                    counters.nodes.increment();
                } catch (AccessDeniedException e) {
                    counters.fallShort(Shortfall.NODE, entry.key(), String.valueOf(e.getMessage()));
                }
            }
            case DIRECTORY -> throw new IllegalStateException("a folder is finished when the walk leaves it");
        }
    }

    private void tell(RestoreAction action, Entry entry) {
        counters.tell(action, entry.key());
    }

    /** Finishes the folders that the walk has left; null: all of them. */
    private void leaveUntilWithin(@Nullable EntryKey key) throws IOException {
        Entry folder = folders.peek();
        while (folder != null && (key == null || !key.isWithin(folder.key()))) {
            folders.pop();
            try {
                if (extras != null) {
                    extras.leave();
                }
                targets.finishFolder(folder, files.metadata());
            } catch (IOException e) {
                files.report(folder, e);
            }
            folder = folders.peek();
        }
    }

    @Override
    public void close() throws FaultException {
        if (extras != null) {
            extras.close();
        }
    }
}
