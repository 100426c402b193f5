package sago.sender.backup;

import java.util.List;
import org.jspecify.annotations.Nullable;
import sago.common.fault.FaultException;
import sago.common.id.PackId;
import sago.common.id.SessionId;
import sago.common.pack.PackEntry;
import sago.sender.checkpoint.CheckpointJournal;
import sago.sender.checkpoint.FinishedFiles;
import sago.sender.checkpoint.ReplaySink;
import sago.sender.pack.ChunkRef;
import sago.sender.pack.PackImage;
import sago.sender.pack.PackTransport;
import sago.sender.pack.PackedChunk;
import sago.sender.tree.Entry;
import sago.sender.tree.Extent;

/**
 * What a run writes down so that the next one need not do it again, and what it found of the runs before. Waits for room like everything
 * that writes at home. It only saves work: where it is lost, the catalog and the site still know the truth.
 *
 * <p>Thread-safe, but for {@link #finished()}, which belongs to the walker.
 */
final class Checkpoint implements AutoCloseable {
    private final CheckpointJournal journal;
    private final HomeRoom room;
    private final BackupCounters counters;
    private final BackupListener listener;
    private @Nullable FinishedFiles finished;
    private boolean deleted;

    Checkpoint(CheckpointJournal journal, HomeRoom room, BackupCounters counters, BackupListener listener) {
        this.journal = journal;
        this.room = room;
        this.counters = counters;
        this.listener = listener;
    }

    /** Before {@link #merge}, which forgets it. */
    void replay(ReplaySink sink) throws FaultException {
        journal.replay(sink);
    }

    /** Everything that was replayed is in the catalog. */
    void merge(long nowMs) throws FaultException {
        finished = journal.merge(nowMs).orElse(null);
        if (finished != null) {
            listener.resumed(finished.files(), finished.bytes());
        }
    }

    void beginScan(SessionId session, long scanStartMs) throws FaultException {
        room.await(() -> journal.beginRun(session, scanStartMs));
    }

    /** The files that runs before this one finished, once: a second scan has the cache of the first one's tree. */
    @Nullable
    FinishedFiles finished() {
        FinishedFiles once = finished;
        finished = null;
        return once;
    }

    /** The pack is on record before the window has all of it, so that the next run can ask the site about it. */
    PackTransport recording(PackTransport window) {
        return new PackTransport() {
            @Override
            public PackImage acquire() throws FaultException, InterruptedException {
                return window.acquire();
            }

            @Override
            public void sliceReady(PackImage image, int slice) throws FaultException {
                window.sliceReady(image, slice);
            }

            @Override
            public void complete(PackImage image, PackEntry entry, List<PackedChunk> chunks) throws FaultException {
                room.await(() -> journal.sealed(entry, chunks));
                window.complete(image, entry, chunks);
            }

            @Override
            public void release(PackImage image) {
                window.release(image);
            }
        };
    }

    /** Before the pack table: what it says of finished files is durable no later than the packs count. */
    void acknowledged(PackId pack, long keepUntil) throws FaultException {
        room.await(() -> journal.acknowledged(pack, keepUntil));
    }

    void files(long item, List<Entry> entries) throws FaultException {
        room.await(() -> journal.files(item, entries));
        counters.filesRecorded.add(entries.size());
    }

    /**
     * A finished part of a large file.
     *
     * @param file as the walk saw it
     * @param start among the bytes between holes
     * @param extents where in the file it lies
     * @param last whether it is the last one
     */
    record Region(Entry file, long start, List<Extent> extents, boolean last) {}

    void region(long item, Region region, List<ChunkRef> refs) throws FaultException {
        room.await(() -> journal.region(item, region.start, region.extents, region.file, refs));
        if (region.last) {
            counters.filesRecorded.increment();
        }
    }

    /** The snapshot is committed. */
    void delete() {
        deleted = true;
        try {
            journal.delete();
        } catch (FaultException e) {
            listener.warning("the checkpoint of this backup, which is not needed any more, stays: " + e.getMessage());
        }
    }

    /** Saves what there is, unless the snapshot was committed. The caller's interruption waits until that is done. */
    @Override
    public void close() throws FaultException {
        boolean interrupted = Thread.interrupted();
        try {
            if (!deleted) {
                save();
            }
            journal.close();
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void save() {
        try {
            journal.save();
        } catch (FaultException e) {
            listener.warning("the checkpoint is not saved: the next run reads more files again: " + e.getMessage());
        }
    }

    static long bytes(List<ChunkRef> refs) {
        long bytes = 0;
        for (ChunkRef ref : refs) {
            bytes += ref.raw();
        }
        return bytes;
    }
}
