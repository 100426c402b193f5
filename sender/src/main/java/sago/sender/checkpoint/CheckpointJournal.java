package sago.sender.checkpoint;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sago.common.durable.DurableFiles;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.id.PackId;
import sago.common.id.SessionId;
import sago.common.limits.Limits;
import sago.common.pack.PackEntry;
import sago.sender.pack.ChunkKind;
import sago.sender.pack.ChunkRef;
import sago.sender.pack.PackedChunk;
import sago.sender.tree.Entry;
import sago.sender.tree.EntryKind;
import sago.sender.tree.Extent;

/**
 * The checkpoint of one unfinished backup. The caller holds the lock of its dataset and calls {@link #replay}, {@link #merge}, {@link #beginRun} in
 * this order; then records come from any thread. Small runs never touch the disk: records stay in memory until a data pack is complete or there
 * is a MiB of them.
 *
 * <p>A full disk is a HOME_FULL fault of the call that met it. That call has then written nothing and may be made again when there is room.
 * Any other trouble with the journal costs only what it would have saved: a warning is logged, and it writes nothing more.
 */
public final class CheckpointJournal implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CheckpointJournal.class);

    private static final ReplaySink NOBODY = new ReplaySink() {
        @Override
        public void sealed(SessionId session, PackEntry entry, List<PackedChunk> chunks) {}

        @Override
        public void acknowledged(PackId pack, long keepUntil) {}
    };

    private final Path folder;
    private final DurableFiles files;
    private final List<Draft> unsaved = new ArrayList<>();
    private long unsavedBytes;
    private @Nullable Survey before;
    private @Nullable QueueFile queue;
    private @Nullable SessionId session;
    private boolean off;

    private CheckpointJournal(Path folder, DurableFiles files) {
        this.folder = folder;
        this.files = files;
    }

    /** The checkpoint in this folder, which need not exist. Reads and creates nothing yet. */
    public static CheckpointJournal open(Path folder, DurableFiles files) {
        return new CheckpointJournal(folder, files);
    }

    /** What the runs before kept, or nothing. Only reads, so that a backup may be running. */
    public static Optional<CheckpointState> read(Path folder, DurableFiles files) {
        return StateReader.read(folder, files);
    }

    /**
     * Tells what the runs before had written down of packs. What it tells is kept until {@link #merge}.
     *
     * @throws FaultException what the sink throws, or INTERRUPTED
     */
    public synchronized void replay(ReplaySink sink) throws FaultException {
        forgetSurvey();
        before = Survey.of(folder, files, sink);
    }

    /**
     * Sums up the finished files of all runs before, so that the next run may ask for them in order. What was replayed is forgotten then.
     *
     * @return empty where no file is finished
     * @throws FaultException HOME_FULL, or INTERRUPTED: everything is as before the call
     */
    public synchronized Optional<FinishedFiles> merge(long nowMs) throws FaultException {
        if (off) {
            return Optional.empty();
        }
        if (queue != null) {
            throw new IllegalStateException("the sum comes before the first record");
        }
        List<Path> old = Survey.generations(folder, files);
        Optional<FinishedFiles> sum;
        try (Survey survey = before == null ? Survey.of(folder, files, NOBODY) : before) {
            before = null;
            sum = sum(survey, nowMs);
        } catch (IOException e) {
            if (!(e instanceof FaultException fault) || fault.fault() != Fault.INTEGRITY) {
                giveUp(e);
                return Optional.empty();
            }
            LOG.warn("{}: files are read again", e.getMessage());
            sum = Optional.empty();
        }
        old.forEach(this::deleteTree);
        return sum;
    }

    private Optional<FinishedFiles> sum(Survey survey, long nowMs) throws IOException {
        Merge merge = new Merge(survey.cursors());
        FinishedItem first = merge.next();
        if (first == null) {
            return Optional.empty();
        }
        QueueFile opened = openQueue();
        boolean complete = false;
        try {
            MergeWriter.Sum sum = new MergeWriter(opened).write(first, merge, nowMs);
            FinishedFiles finished = new FinishedFiles(opened.openRead(), sum);
            complete = true;
            return Optional.of(finished);
        } finally {
            if (!complete) {
                closeQueue();
                deleteTree(opened.folder());
            }
        }
    }

    /** A scan of the source starts: numbers of items count from here. Called for each scan, before its first item. */
    public synchronized void beginRun(SessionId newSession, long scanStartMs) throws FaultException {
        session = newSession;
        append(List.of(Records.run(newSession, scanStartMs)), false);
    }

    /** The pack is complete and about to be handed to the window. */
    public void sealed(PackEntry entry, List<PackedChunk> chunks) throws FaultException {
        SessionId now;
        synchronized (this) {
            now = session;
        }
        if (now == null) {
            throw new IllegalStateException("a pack before the run began");
        }
        boolean data = chunks.stream().anyMatch(chunk -> chunk.kind() == ChunkKind.DATA);
        append(Records.sealed(now, entry, chunks), data);
    }

    /** The site acknowledged the pack. On return this and everything before it is durable, if the journal has been worth a file so far. */
    public void acknowledged(PackId pack, long keepUntil) throws FaultException {
        append(List.of(Records.acknowledged(pack, keepUntil)), false);
        save();
    }

    /**
     * Files are finished. Kept are those that hold their references themselves.
     *
     * @param item number of the item in the walk; items may come out of order within a window
     * @param entries ascending
     */
    public void files(long item, List<Entry> entries) throws FaultException {
        List<Entry> finished = new ArrayList<>();
        for (Entry entry : entries) {
            if (entry.kind() == EntryKind.FILE
                    && entry.isComplete()
                    && entry.content().listLevel() == 0) {
                finished.add(entry);
            }
        }
        if (!finished.isEmpty()) {
            append(Records.files(item, finished), false);
        }
    }

    /**
     * A region of a large file is finished.
     *
     * @param start among the bytes between holes
     * @param extents where in the file that is
     * @param file as scanned, without content
     */
    public void region(long item, long start, List<Extent> extents, Entry file, List<ChunkRef> refs)
            throws FaultException {
        if (!refs.isEmpty() && refs.size() <= Records.REGION_REFS_MAX) {
            append(List.of(Records.region(item, FinishedItem.region(file, start, extents, refs))), false);
        }
    }

    /** Makes durable what was recorded, if the journal has been worth a file so far. */
    public void save() throws FaultException {
        QueueFile opened;
        synchronized (this) {
            opened = off ? null : queue;
        }
        if (opened != null) {
            try {
                // Not under the lock: workers go on meanwhile.
                opened.force();
            } catch (IOException e) {
                giveUp(e);
            }
        }
    }

    private synchronized void append(List<Draft> drafts, boolean worthAFile) throws FaultException {
        if (off) {
            return;
        }
        long bytes = 0;
        for (Draft draft : drafts) {
            bytes += draft.bytes();
        }
        try {
            QueueFile opened = queue;
            if (opened == null) {
                if (!worthAFile && unsavedBytes + bytes <= Limits.CHECKPOINT_UNSAVED_BYTES_MAX) {
                    unsaved.addAll(drafts);
                    unsavedBytes += bytes;
                    return;
                }
                opened = openQueue();
            }
            if (!unsaved.isEmpty()) {
                opened.append(unsaved);
                unsaved.clear();
                unsavedBytes = 0;
            }
            opened.append(drafts);
        } catch (IOException e) {
            giveUp(e);
        }
    }

    private QueueFile openQueue() throws IOException {
        Path generation = Survey.nextGeneration(folder, files);
        try {
            QueueFile opened = QueueFile.create(generation, files);
            queue = opened;
            return opened;
        } catch (IOException e) {
            files.deleteTree(generation);
            throw e;
        }
    }

    /** What the caller can do something about is thrown on; anything else ends the journal, but not the backup. */
    private synchronized void giveUp(IOException e) throws FaultException {
        if (e instanceof FaultException fault
                && (fault.fault() == Fault.HOME_FULL || fault.fault() == Fault.INTERRUPTED)) {
            throw fault;
        }
        if (!off) {
            off = true;
            LOG.warn("{}; what this run does is not kept for the next from here on", e.getMessage());
            closeQueue();
        }
    }

    private void closeQueue() {
        QueueFile opened = queue;
        queue = null;
        if (opened != null) {
            try {
                opened.close();
            } catch (IOException e) {
                LOG.warn("{}", e.getMessage());
            }
        }
    }

    private void deleteTree(Path path) {
        try {
            files.deleteTree(path);
        } catch (IOException e) {
            LOG.warn("{} cannot be deleted: {}", path, e.getMessage());
        }
    }

    /**
     * The backup is committed: closes, and removes the folder durably.
     *
     * @throws FaultException DISK: what stays does no harm, the next run finds its packs known and its files older
     */
    public synchronized void delete() throws FaultException {
        close();
        try {
            files.deleteTree(folder);
        } catch (IOException e) {
            throw new FaultException(Fault.DISK, folder + " cannot be deleted: " + e.getMessage(), e);
        }
    }

    /** Ends the journal; what was recorded stays. It does not force: {@link #save} does. */
    @Override
    public synchronized void close() throws FaultException {
        off = true;
        unsaved.clear();
        forgetSurvey();
        QueueFile opened = queue;
        queue = null;
        try {
            if (opened != null) {
                opened.close();
            }
        } catch (IOException e) {
            throw new FaultException(Fault.DISK, "the checkpoint cannot be closed: " + e.getMessage(), e);
        }
    }

    private void forgetSurvey() {
        if (before != null) {
            before.close();
            before = null;
        }
    }
}
