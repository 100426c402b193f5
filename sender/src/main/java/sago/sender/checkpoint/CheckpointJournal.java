package sago.sender.checkpoint;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import sago.common.durable.DurableFiles;
import sago.common.fault.FaultException;
import sago.common.id.PackId;
import sago.common.id.SessionId;
import sago.common.pack.PackEntry;
import sago.sender.pack.ChunkRef;
import sago.sender.pack.PackedChunk;
import sago.sender.tree.Entry;

/**
 * The checkpoint of one unfinished backup. The caller holds the lock of its dataset and calls {@link #replay}, {@link #merge}, {@link #beginRun} in
 * this order; then records come from any thread. Small runs never touch the disk: records stay in memory until a data pack is complete or there
 * is a MiB of them.
 *
 * <p>A full disk is a HOME_FULL fault of the call that met it. That call has then written nothing and may be made again when there is room.
 * Any other trouble with the journal costs only what it would have saved: a warning is logged and it writes nothing more.
 */
public final class CheckpointJournal implements AutoCloseable {
    private CheckpointJournal() {}

    /** Opens the checkpoint in this folder, which need not exist. Reads and creates nothing yet. */
    public static CheckpointJournal open(Path folder, DurableFiles files) {
        return new CheckpointJournal();
    }

    /** What the runs before kept, or nothing; touches nothing, so that a backup may be running. */
    public static Optional<CheckpointState> read(Path folder, DurableFiles files) {
        return Optional.empty();
    }

    /** Tells what the runs before had written down of packs. */
    public void replay(ReplaySink sink) throws FaultException {}

    /**
     * Sums up the finished files of all runs before; what was replayed is forgotten then.
     *
     * @return empty where no file is finished
     */
    public Optional<FinishedFiles> merge(long nowMs) throws FaultException {
        return Optional.empty();
    }

    /** A scan starts: numbers of items count from here. */
    public void beginRun(SessionId session, long scanStartMs) throws FaultException {}

    /** The pack is complete and about to be handed to the window. */
    public void sealed(PackEntry entry, List<PackedChunk> chunks) throws FaultException {}

    /** The site acknowledged the pack. On return this and everything before it is durable, once the journal is open. */
    public void acknowledged(PackId pack, long keepUntil) throws FaultException {}

    /**
     * Files are finished. Only files that hold their references themselves are kept.
     *
     * @param item number of the item in the walk: called at most a window of items out of order, once for each
     * @param entries ascending
     */
    public void files(long item, List<Entry> entries) throws FaultException {}

    /**
     * A region of a large file is finished.
     *
     * @param file as scanned, without content
     */
    public void region(long item, long start, Entry file, List<ChunkRef> refs) throws FaultException {}

    /** Makes durable what was recorded, if the journal is open. */
    public void save() throws FaultException {}

    /** The backup is committed: closes, and removes the folder durably. */
    public void delete() throws FaultException {}

    @Override
    public void close() throws FaultException {}
}
