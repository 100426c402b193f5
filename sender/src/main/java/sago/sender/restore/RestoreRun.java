package sago.sender.restore;

import java.io.IOException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.sender.pack.ChunkRef;
import sago.sender.pack.ChunkSource;
import sago.sender.pattern.PathPattern;
import sago.sender.source.posix.Posix;
import sago.sender.tree.ContentCursor;
import sago.sender.tree.Entry;
import sago.sender.tree.EntryKey;
import sago.sender.tree.EntryKind;
import sago.sender.tree.TreeReader;
import sago.sender.tree.TreeRoot;

/**
 * Restores a snapshot, or parts of it, below a folder. Two walks over the tree, so that little must be remembered: the first
 * creates folders (private for the time being) and hands files to the workers in tree order, so that packs are read about
 * once; the second, when all files are written, creates links, pipes and devices, removes what the snapshot does not have if that was asked
 * for, and gives folders their metadata from the inside out. Called by one thread; {@link #progress()} by any.
 */
public final class RestoreRun {
    /** A file from this size up is written by several workers. */
    private static final long LARGE_BYTES = 64L << 20;

    /** Bytes of a large file that one worker writes at a time. */
    private static final long PART_BYTES = 32L << 20;

    /** Chunks of a part, in case they are tiny. */
    private static final int PART_REFS = 1024;

    /** Names of files with several names that are remembered in memory. */
    private static final long HARD_LINK_BYTES = 8L << 20;

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
        requireSubfolder();
        Selection selection = new Selection(options.scope());
        SelectedEntries entries = selection.of(tree);
        Entry first = entries.next();
        if (first == null) {
            throw new FaultException(
                    Fault.NOT_FOUND, "the snapshot holds nothing that matches " + selection + ": see what `ls` shows");
        }
        try {
            if (options.manner().isDryRun()) {
                new DryRestore(chunks, tree, options, counters).over(entries, first, selection);
            } else {
                restore(entries, first, selection);
            }
            for (PathPattern pattern : selection.unmatched()) {
                counters.warn(pattern.within(), "nothing in the snapshot matches " + pattern);
            }
        } catch (FaultException e) {
            throw e;
        } catch (IOException e) {
            throw new FaultException(Fault.DISK, "restoring failed: " + e.getMessage(), e);
        }
        return counters.summary();
    }

    private void requireSubfolder() throws FaultException, InterruptedException {
        EntryKey subfolder = options.scope().subfolder();
        if (subfolder.equals(EntryKey.ROOT)) {
            return;
        }
        Entry entry = tree.find(subfolder);
        if (entry == null || entry.kind() != EntryKind.DIRECTORY) {
            throw new FaultException(
                    Fault.NOT_FOUND,
                    "the snapshot holds no folder " + subfolder
                            + (entry == null ? ": see what `ls` shows" : ", only a file of that name: use --include"));
        }
    }

    private void restore(SelectedEntries entries, Entry first, Selection selection)
            throws IOException, InterruptedException {
        Posix posix = Posix.load();
        Metadata metadata = new Metadata(posix, counters);
        Existing existing = new Existing(options.manner().overwrite(), counters);
        try (TargetFiles targets = TargetFiles.open(options, posix, random);
                HardLinks names = new HardLinks(HARD_LINK_BYTES)) {
            FileRestore files = new FileRestore(chunks, tree, targets, metadata, existing);
            try (TaskWorkers workers = new TaskWorkers("restore", options.workers())) {
                for (Entry entry = first; entry != null; entry = entries.next()) {
                    begin(entry, targets, files, workers, names);
                }
                workers.finish();
            }
            try (LastWalk walk = new LastWalk(targets, files, existing, names)) {
                if (options.manner().isDeleting()) {
                    walk.removeExtras(new Extras(targets.folders(), selection, counters, targets::remove));
                }
                walk.over(selection.of(tree));
            }
            targets.finish();
        }
    }

    private void begin(Entry entry, TargetFiles targets, FileRestore files, TaskWorkers workers, HardLinks names)
            throws IOException, InterruptedException {
        switch (entry.kind()) {
            case DIRECTORY -> {
                try {
                    boolean isNew = targets.createFolder(entry.key());
                    counters.folders.increment();
                    if (isNew) {
                        counters.tell(RestoreAction.CREATE, entry.key());
                    }
                } catch (IOException e) {
                    files.report(entry, e);
                }
            }
            case FILE -> {
                if (!names.firstName(entry).equals(entry.key())) {
                    // Becomes a link when the other name is complete.
                    return;
                }
                if (entry.size() >= LARGE_BYTES) {
                    beginLarge(entry, files, workers);
                } else {
                    workers.submit(() -> files.restore(entry));
                }
            }
            case SYMLINK, FIFO, SOCKET, CHARACTER_DEVICE, BLOCK_DEVICE -> names.firstName(entry);
        }
    }

    private void beginLarge(Entry file, FileRestore files, TaskWorkers workers)
            throws IOException, InterruptedException {
        MultipartFile large;
        try {
            large = files.begin(file, LARGE_BYTES);
        } catch (IOException e) {
            files.report(file, e);
            return;
        }
        if (large == null) {
            workers.submit(() -> files.restore(file));
            return;
        }
        try {
            ContentCursor content = tree.content(file.content());
            List<ChunkRef> refs = new ArrayList<>();
            long start = 0;
            for (ChunkRef ref = content.next(); ref != null; ref = content.next()) {
                refs.add(ref);
                if (content.position() - start >= PART_BYTES || refs.size() == PART_REFS) {
                    workers.submit(large.part(start, refs));
                    refs = new ArrayList<>();
                    start = content.position();
                }
            }
            if (!refs.isEmpty()) {
                workers.submit(large.part(start, refs));
            }
        } catch (FaultException e) {
            large.fail(e);
        }
        large.done();
    }
}
