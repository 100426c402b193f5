package sago.sender.restore;

import java.io.IOException;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.sender.pack.ChunkRef;
import sago.sender.pack.ChunkSource;
import sago.sender.pattern.PathPattern;
import sago.sender.source.posix.FileStatus;
import sago.sender.source.posix.Posix;
import sago.sender.tree.ContentCursor;
import sago.sender.tree.Entry;
import sago.sender.tree.EntryCursor;
import sago.sender.tree.EntryKey;
import sago.sender.tree.EntryKind;
import sago.sender.tree.TreeReader;
import sago.sender.tree.TreeRoot;

/**
 * Restores a snapshot, or parts of it, below a folder. Two walks over the tree, so that nothing must be remembered: the first
 * creates folders (private for the time being) and hands files to the workers in tree order, so that packs are read about
 * once; the second, when all files are written, creates links and gives folders their owner, mode and time from the inside out.
 * Called by one thread; {@link #progress()} by any.
 */
public final class RestoreRun {
    /** A file from this size up is written by several workers. */
    private static final long LARGE_BYTES = 64L << 20;

    /** Bytes of a large file that one worker writes at a time. */
    private static final long PART_BYTES = 32L << 20;

    /** Chunks of a part, in case they are tiny. */
    private static final int PART_REFS = 1024;

    private final ChunkSource chunks;
    private final TreeReader tree;
    private final RestoreOptions options;
    private final RestoreCounters counters;
    private final SecureRandom random;

    /** The random source names what is not complete yet. */
    public RestoreRun(
            ChunkSource chunks, TreeRoot root, RestoreOptions options, RestoreListener listener, SecureRandom random) {
        this.random = random;
        this.chunks = chunks;
        this.tree = new TreeReader(chunks, root);
        this.options = options;
        this.counters = new RestoreCounters(listener);
    }

    /** What was done so far. */
    public RestoreSummary progress() {
        return counters.summary();
    }

    /**
     * Restores. What could not be restored alone is in the summary; see {@link RestoreSummary#requireComplete()}.
     *
     * @throws FaultException NOT_FOUND where nothing matches, USAGE where the target is no folder, or what ended the run
     */
    public RestoreSummary run() throws FaultException, InterruptedException {
        Selection selection = new Selection(options.includes());
        SelectedEntries entries = selection.of(tree);
        Entry first = entries.next();
        if (first == null) {
            throw new FaultException(
                    Fault.NOT_FOUND, "the snapshot holds nothing that matches " + selection + ": see what `ls` shows");
        }
        Posix posix = Posix.load();
        Metadata metadata = new Metadata(posix, counters);
        try (TargetFiles targets = TargetFiles.open(options.target(), posix, random)) {
            FileRestore files = new FileRestore(chunks, tree, targets, metadata, counters);
            try (TaskWorkers workers = new TaskWorkers("restore", options.workers())) {
                for (Entry entry = first; entry != null; entry = entries.next()) {
                    begin(entry, targets, files, workers);
                }
                workers.finish();
            }
            for (PathPattern pattern : selection.unmatched()) {
                counters.warn(pattern.within(), "nothing in the snapshot matches " + pattern);
            }
            new LastWalk(targets, files, metadata).over(selection.of(tree));
        } catch (FaultException e) {
            throw e;
        } catch (IOException e) {
            throw new FaultException(Fault.DISK, "restoring failed: " + e.getMessage(), e);
        }
        return counters.summary();
    }

    private void begin(Entry entry, TargetFiles targets, FileRestore files, TaskWorkers workers)
            throws IOException, InterruptedException {
        switch (entry.kind()) {
            case DIRECTORY -> {
                try {
                    targets.createFolder(entry.key());
                    counters.folders.increment();
                } catch (IOException e) {
                    files.report(entry, e);
                }
            }
            case FILE -> {
                if (entry.size() >= LARGE_BYTES && !hasSameSize(entry, targets, files)) {
                    beginLarge(entry, files, workers);
                } else {
                    workers.submit(() -> files.restore(entry));
                }
            }
            case SYMLINK, FIFO, SOCKET, CHARACTER_DEVICE, BLOCK_DEVICE -> {}
        }
    }

    private static boolean hasSameSize(Entry file, TargetFiles targets, FileRestore files) throws IOException {
        try {
            FileStatus status = targets.statusOf(file.key());
            return status != null && TargetFiles.isKind(status, EntryKind.FILE) && status.size() == file.size();
        } catch (IOException e) {
            files.report(file, e);
            return false;
        }
    }

    private void beginLarge(Entry file, FileRestore files, TaskWorkers workers)
            throws IOException, InterruptedException {
        FileRestore.Parts parts;
        try {
            parts = files.parts(file);
        } catch (IOException e) {
            files.report(file, e);
            return;
        }
        try {
            ContentCursor content = tree.content(file.content());
            List<ChunkRef> refs = new ArrayList<>();
            long start = 0;
            for (ChunkRef ref = content.next(); ref != null; ref = content.next()) {
                refs.add(ref);
                if (content.position() - start >= PART_BYTES || refs.size() == PART_REFS) {
                    workers.submit(parts.part(start, refs));
                    refs = new ArrayList<>();
                    start = content.position();
                }
            }
            if (!refs.isEmpty()) {
                workers.submit(parts.part(start, refs));
            }
        } catch (FaultException e) {
            parts.fail(e);
        }
        parts.done();
    }

    /** Links, and folders from the inside out. Confined to the caller's thread. */
    private final class LastWalk {
        private final TargetFiles targets;
        private final FileRestore files;
        private final Metadata metadata;
        private final Deque<Entry> folders = new ArrayDeque<>();

        LastWalk(TargetFiles targets, FileRestore files, Metadata metadata) {
            this.targets = targets;
            this.files = files;
            this.metadata = metadata;
        }

        void over(EntryCursor entries) throws IOException, InterruptedException {
            for (Entry entry = entries.next(); entry != null; entry = entries.next()) {
                leaveUntilWithin(entry.key());
                switch (entry.kind()) {
                    case DIRECTORY -> folders.push(entry);
                    case SYMLINK -> link(entry);
                    case FIFO, SOCKET, CHARACTER_DEVICE, BLOCK_DEVICE ->
                        counters.skip(entry.key(), "pipes, sockets and devices are not restored in this version");
                    case FILE -> {}
                }
            }
            leaveUntilWithin(null);
        }

        private void link(Entry link) throws IOException {
            try {
                targets.createLink(link, metadata);
                counters.links.increment();
            } catch (IOException e) {
                files.report(link, e);
            }
        }

        /** Finishes the folders that the walk has left; null: all of them. */
        private void leaveUntilWithin(@Nullable EntryKey key) throws IOException {
            Entry folder = folders.peek();
            while (folder != null && (key == null || !key.isWithin(folder.key()))) {
                folders.pop();
                finish(folder);
                folder = folders.peek();
            }
        }

        /** The target itself stays as it is: it is not the root of the source. */
        private void finish(Entry folder) throws IOException {
            if (folder.key().equals(EntryKey.ROOT)) {
                return;
            }
            try {
                targets.applyMetadata(folder, metadata);
            } catch (IOException e) {
                files.report(folder, e);
            }
        }
    }
}
