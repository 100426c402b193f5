package sago.sender.restore;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import org.jspecify.annotations.Nullable;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.sender.pack.ChunkRef;
import sago.sender.pack.ChunkSource;
import sago.sender.source.posix.FileStatus;
import sago.sender.source.posix.OpenNode;
import sago.sender.source.posix.Posix;
import sago.sender.tree.ContentCursor;
import sago.sender.tree.Entry;
import sago.sender.tree.EntryKey;
import sago.sender.tree.EntryKind;
import sago.sender.tree.TreeReader;

/**
 * Tells what a restore would do: looks at the target and reads what would be compared, and changes nothing. A hard link that would be
 * made counts as a file here. Confined to one thread.
 */
final class DryRestore {
    private final ChunkSource chunks;
    private final TreeReader tree;
    private final RestoreOptions options;
    private final RestoreCounters counters;
    private final Existing existing;
    private final Deque<EntryKey> folders = new ArrayDeque<>();

    DryRestore(ChunkSource chunks, TreeReader tree, RestoreOptions options, RestoreCounters counters) {
        this.chunks = chunks;
        this.tree = tree;
        this.options = options;
        this.counters = counters;
        this.existing = new Existing(options.manner().overwrite(), counters);
    }

    void over(SelectedEntries entries, Entry first, Selection selection) throws IOException, InterruptedException {
        if (Files.exists(options.target()) && !Files.isDirectory(options.target())) {
            throw new FaultException(Fault.USAGE, "the target " + options.target() + " is not a folder");
        }
        if (!Files.exists(options.target())) {
            for (Entry entry = first; entry != null; entry = entries.next()) {
                tell(null, entry);
            }
            return;
        }
        EntryKey top = options.scope().subfolder();
        try (TargetFolders target = new TargetFolders(options.target().toRealPath(), top, Posix.load());
                Extras extras = new Extras(target, selection, counters, null)) {
            for (Entry entry = first; entry != null; entry = entries.next()) {
                leaveUntilWithin(entry.key(), extras);
                if (!folders.isEmpty()) {
                    extras.meet(entry.key());
                }
                if (entry.kind() == EntryKind.DIRECTORY) {
                    folders.push(entry.key());
                    extras.enter(entry.key(), options.manner().isDeleting() && entries.isWhole());
                }
                look(target, entry);
            }
            leaveUntilWithin(null, extras);
        }
    }

    private void leaveUntilWithin(@Nullable EntryKey key, Extras extras) throws IOException {
        EntryKey folder = folders.peek();
        while (folder != null && (key == null || !key.isWithin(folder))) {
            folders.pop();
            extras.leave();
            folder = folders.peek();
        }
    }

    private void look(TargetFolders target, Entry entry) throws IOException, InterruptedException {
        if (entry.key().equals(options.scope().subfolder())) {
            return;
        }
        try (TargetFolders.Held parent = target.hold(entry.key().parent())) {
            tell(parent, entry);
        } catch (NoSuchFileException | NotDirectoryException e) {
            tell(null, entry);
        } catch (FaultException e) {
            throw e;
        } catch (IOException e) {
            counters.fail(entry.key(), String.valueOf(e.getMessage()));
        }
    }

    private void tell(TargetFolders.@Nullable Held parent, Entry entry) throws IOException, InterruptedException {
        FileStatus status =
                parent == null ? null : parent.folder.status(entry.key().name());
        RestoreAction action = action(parent, status, entry);
        switch (entry.kind()) {
            case FILE -> {
                counters.count(action, entry.key());
                counters.bytes.add(entry.size());
            }
            case DIRECTORY -> {
                counters.folders.increment();
                if (action != RestoreAction.UNCHANGED && !entry.key().equals(EntryKey.ROOT)) {
                    counters.tell(action, entry.key());
                }
            }
            case SYMLINK, FIFO, SOCKET, CHARACTER_DEVICE, BLOCK_DEVICE -> {
                (entry.kind() == EntryKind.SYMLINK ? counters.links : counters.nodes).increment();
                counters.tell(action, entry.key());
            }
        }
    }

    private RestoreAction action(TargetFolders.@Nullable Held parent, @Nullable FileStatus status, Entry entry)
            throws IOException, InterruptedException {
        if (parent == null || status == null) {
            if (entry.kind() == EntryKind.FILE) {
                counters.written.add(entry.content().bytes());
            }
            return RestoreAction.CREATE;
        }
        boolean isKind = TargetFiles.isKind(status, entry.kind());
        return switch (entry.kind()) {
            case DIRECTORY -> isKind ? RestoreAction.UNCHANGED : RestoreAction.UPDATE;
            case FILE -> ofFile(parent, status, entry);
            case SYMLINK -> {
                if (existing.isKept(entry, status)) {
                    yield RestoreAction.KEEP;
                }
                boolean isSame = isKind
                        && Arrays.equals(
                                parent.folder.readLink(entry.key().name()),
                                entry.linkTarget().toByteArray());
                yield isSame ? RestoreAction.UNCHANGED : RestoreAction.UPDATE;
            }
            case FIFO, SOCKET, CHARACTER_DEVICE, BLOCK_DEVICE ->
                existing.isKept(entry, status)
                        ? RestoreAction.KEEP
                        : isKind && status.rdev() == entry.attributes().rdev()
                                ? RestoreAction.UNCHANGED
                                : RestoreAction.UPDATE;
        };
    }

    private RestoreAction ofFile(TargetFolders.Held parent, FileStatus status, Entry file)
            throws IOException, InterruptedException {
        return switch (existing.verdict(file, status)) {
            case KEEP -> RestoreAction.KEEP;
            case EQUAL -> RestoreAction.UNCHANGED;
            case REPLACE -> {
                counters.written.add(file.content().bytes());
                yield RestoreAction.UPDATE;
            }
            case COMPARE -> {
                long differing = differing(parent, file);
                counters.written.add(differing);
                yield differing == 0 && status.size() == file.size() ? RestoreAction.UNCHANGED : RestoreAction.UPDATE;
            }
        };
    }

    /** Bytes of chunks that are not there. */
    private long differing(TargetFolders.Held parent, Entry file) throws IOException, InterruptedException {
        FileData data = new FileData(chunks, file);
        ContentCursor content = tree.content(file.content());
        long differing = 0;
        long offset = 0;
        try (OpenNode node = parent.folder.openToRead(file.key().name())) {
            for (ChunkRef ref = content.next(); ref != null; ref = content.next()) {
                differing += data.found(node, ref, offset) == null ? ref.raw() : 0;
                offset += ref.raw();
            }
        }
        return differing;
    }
}
