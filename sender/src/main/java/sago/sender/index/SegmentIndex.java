package sago.sender.index;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sago.common.durable.DurableFiles;
import sago.common.durable.FileAccess;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.sender.pack.ChunkId;
import sago.sender.pack.ChunkRef;
import sago.sender.pack.PackedChunk;

/**
 * The index as sorted segments. New rows go to a log and a table in memory; a full table becomes a segment; a thread of its own merges
 * segments, so that there are few. A look-up asks the table, then the segments from the newest to the oldest, with one small read for each
 * that does not hold the chunk. Memory is the table, whatever the index holds; what else makes it fast is the system's page cache.
 *
 * <p>What is damaged only costs uploads: a row or bucket whose checksum is wrong counts as absent, a segment without a sound header is set
 * aside. Segments are forced before they count, the log only at the end: what a power loss takes is stored once more.
 *
 * <p>Thread-safe: look-ups take no lock, inserts queue. One process at a time has the folder; the lock of the dataset sees to it.
 */
public final class SegmentIndex implements ChunkIndex {
    private static final Logger LOG = LoggerFactory.getLogger(SegmentIndex.class);

    private final SegmentFiles folder;
    private final IndexBounds bounds;
    private final ConcurrentLinkedDeque<ByteBuffer> idleBuffers = new ConcurrentLinkedDeque<>();

    /** Replaced as a whole under the monitor of this, read without it. */
    private volatile View view;

    private @Nullable RowLog log;
    private long logNumber;
    private @Nullable Thread merger;
    private @Nullable IOException mergeFailure;
    private volatile boolean closed;

    /** What a look-up asks, newest first. */
    private record View(RowTable table, List<Segment> segments) {
        View {
            segments = List.copyOf(segments);
        }
    }

    private SegmentIndex(SegmentFiles folder, IndexBounds bounds, SegmentRecovery.Found found) {
        this.folder = folder;
        this.bounds = bounds;
        this.view = new View(found.table(), found.newestFirst());
        this.log = found.log();
        this.logNumber = found.logNumber();
    }

    /**
     * Opens or begins the index in a folder.
     *
     * @param folder its last name is that of the dataset; what an SQLite file of that name and {@code .db} beside it holds is taken over
     * @throws FaultException VERSION where a newer version wrote it, HOME_FULL, DISK
     */
    public static SegmentIndex open(Path folder, DurableFiles files, IndexBounds bounds) throws FaultException {
        SegmentFiles names = new SegmentFiles(files, folder);
        try {
            files.createFolders(folder, FileAccess.PRIVATE);
            files.deleteDrafts(folder);
            SqliteRows.takeOver(folder.resolveSibling(folder.getFileName() + ".db"), names);
            SegmentIndex index = new SegmentIndex(names, bounds, SegmentRecovery.recover(names, bounds));
            index.mergeWhereDue();
            return index;
        } catch (IOException e) {
            throw names.fault(e);
        }
    }

    @Override
    public @Nullable ChunkRef find(ChunkId id) throws FaultException {
        ByteBuffer buffer = idleBuffers.poll();
        if (buffer == null) {
            buffer = ByteBuffer.allocateDirect(Segment.BUFFER_BYTES);
        }
        try {
            return find(id, buffer);
        } catch (IOException e) {
            throw folder.fault(e);
        } finally {
            idleBuffers.push(buffer);
        }
    }

    private @Nullable ChunkRef find(ChunkId id, ByteBuffer buffer) throws IOException {
        while (true) {
            View now = view;
            ChunkRef recent = now.table().find(id);
            if (recent != null) {
                return recent;
            }
            try {
                for (Segment segment : now.segments()) {
                    ChunkRef ref = segment.find(id, buffer);
                    if (ref != null) {
                        return ref;
                    }
                }
                return null;
            } catch (ClosedChannelException e) {
                // Merged away meanwhile: what took its place is in the next view.
                if (now.equals(view)) {
                    throw e;
                }
            }
        }
    }

    /** All of the chunks or, after any exception, some that may be inserted again. */
    @Override
    public synchronized void insert(List<PackedChunk> chunks) throws FaultException {
        try {
            int done = 0;
            while (done < chunks.size()) {
                if (view.table().room() == 0) {
                    flush();
                }
                int count = Math.min(view.table().room(), chunks.size() - done);
                append(chunks.subList(done, done + count));
                done += count;
            }
        } catch (IOException e) {
            throw folder.fault(e);
        }
    }

    private void append(List<PackedChunk> chunks) throws IOException {
        ByteBuffer rows = ByteBuffer.allocate(chunks.size() * IndexRow.BYTES);
        for (PackedChunk chunk : chunks) {
            IndexRow.write(rows, chunk.id(), chunk.ref());
        }
        RowLog open = log;
        if (open == null) {
            open = RowLog.begin(folder.files(), folder.log(logNumber), logNumber);
            log = open;
        }
        open.append(rows.flip());
        RowTable table = view.table();
        for (int at = 0; at < rows.limit(); at += IndexRow.BYTES) {
            table.put(rows, at);
        }
    }

    /** Turns the table into a segment and begins the next; before that it waits where there are too many segments. */
    private void flush() throws IOException {
        awaitFewerSegments();
        RowTable full = view.table();
        Segment segment = SegmentRecovery.flush(folder, full, logNumber);
        List<Segment> segments = new ArrayList<>();
        segments.add(segment);
        segments.addAll(view.segments());
        view = new View(new RowTable(bounds.rowsInMemory()), segments);
        RowLog old = log;
        log = null;
        logNumber++;
        if (old != null) {
            old.close();
            folder.files().delete(old.path());
        }
        mergeWhereDue();
    }

    private void awaitFewerSegments() throws IOException {
        boolean interrupted = false;
        while (view.segments().size() >= bounds.segmentsMax() && !interrupted) {
            mergeFailure = null;
            mergeWhereDue();
            try {
                while (merger != null) {
                    wait();
                }
            } catch (InterruptedException e) {
                interrupted = true;
            }
            if (mergeFailure != null) {
                throw mergeFailure;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
            throw new FaultException(Fault.INTERRUPTED, "stopped while the chunk index was merging");
        }
    }

    private synchronized void mergeWhereDue() {
        if (merger == null && !closed && due() > 1) {
            Thread thread = new Thread(this::merge, "sago-index-merge");
            thread.setDaemon(true);
            merger = thread;
            thread.start();
        }
    }

    /** Where too many are waiting, all at once: whatever their sizes, there are few after that. */
    private int due() {
        List<Segment> segments = view.segments();
        return segments.size() >= bounds.segmentsMax() ? segments.size() : SegmentMerge.due(segments);
    }

    private void merge() {
        IOException failure = null;
        try {
            while (mergeOnce()) {
                LOG.debug("merged segments of {}", folder.folder());
            }
        } catch (IOException e) {
            failure = e;
            if (!closed) {
                LOG.warn("segments of the chunk index stay unmerged for now: {}", e.getMessage());
            }
        } finally {
            synchronized (this) {
                mergeFailure = failure;
                merger = null;
                notifyAll();
            }
        }
    }

    private boolean mergeOnce() throws IOException {
        List<Segment> inputs;
        synchronized (this) {
            int count = due();
            if (closed || count < 2) {
                return false;
            }
            inputs = view.segments().subList(0, count);
        }
        Path path = SegmentMerge.merge(folder, inputs, () -> closed);
        if (path == null) {
            return false;
        }
        Segment merged = folder.open(path);
        if (merged == null) {
            throw new FaultException(Fault.DISK, path + " reads otherwise than it was written: check the disk");
        }
        replace(inputs, merged);
        List<String> names = new ArrayList<>();
        for (Segment input : inputs) {
            input.close();
            names.add(input.file().path().getFileName().toString());
        }
        folder.files().deleteAll(folder.folder(), names);
        return true;
    }

    /** Newer segments may have come before the inputs. */
    private synchronized void replace(List<Segment> inputs, Segment merged) {
        List<Segment> segments = new ArrayList<>();
        for (Segment segment : view.segments()) {
            if (segment.equals(inputs.get(0))) {
                segments.add(merged);
            } else if (!inputs.contains(segment)) {
                segments.add(segment);
            }
        }
        view = new View(view.table(), segments);
    }

    /** Waits until no merge is due or running, or one has failed. */
    public synchronized void awaitMerged() throws InterruptedException {
        while (merger != null) {
            wait();
        }
    }

    /** Rows, those counted again that newer ones replace. */
    public long rows() {
        View now = view;
        long rows = now.table().used();
        for (Segment segment : now.segments()) {
            rows += segment.layout().rows();
        }
        return rows;
    }

    /** Files that a look-up may have to ask. */
    public int segments() {
        return view.segments().size();
    }

    /** A merge that is running is given up: the next run begins it again. */
    @Override
    public void close() throws FaultException {
        closed = true;
        // An interrupt would close the log before it is forced.
        boolean interrupted = Thread.interrupted();
        synchronized (this) {
            while (merger != null) {
                try {
                    wait();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            try {
                closeFiles();
            } catch (IOException e) {
                throw folder.fault(e);
            } finally {
                if (interrupted) {
                    Thread.currentThread().interrupt();
                }
            }
        }
    }

    private void closeFiles() throws IOException {
        try {
            RowLog open = log;
            if (open != null) {
                try (open) {
                    open.force();
                }
            }
        } finally {
            for (Segment segment : view.segments()) {
                segment.close();
            }
        }
    }
}
