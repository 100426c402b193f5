package sago.sender.checkpoint;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import net.openhft.chronicle.bytes.SyncMode;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueue;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueBuilder;
import net.openhft.chronicle.wire.DocumentContext;
import net.openhft.chronicle.wire.WireType;
import org.jspecify.annotations.Nullable;
import sago.common.durable.DiskFile;
import sago.common.durable.DurableFiles;
import sago.common.durable.FileAccess;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.sender.checkpoint.JournalRecord.Place;

/**
 * A Chronicle Queue of one file, written by this process from its first byte. The appender writes to mapped pages, so that what was appended
 * survives the death of the process. Three things are not left to the queue:
 *
 * <ul>
 *   <li>Room: before a page is touched, zeros were written to it through a channel, so that a full disk is a fault of that write. A queue takes
 *       zeros as room that nobody has used.
 *   <li>Force: a force of the file covers pages that were changed through a map of it (on Linux msync does the same inside), and its failure
 *       is a fault; that of the queue's own sync goes unheard.
 *   <li>Reading: see {@link RecordReader}.
 * </ul>
 *
 * The appender is confined by the caller's lock; {@link #force} is for any thread.
 */
final class QueueFile implements AutoCloseable {
    /** Maps are this long, and overlap by a quarter, into which the last record of a block may reach. */
    static final int BLOCK_BYTES = 4 << 20;

    static final int OVERLAP_BYTES = BLOCK_BYTES / 4;

    /** Header and first pages of the index; then, from time to time, another page. */
    static final int SLACK_BYTES = 64 << 10;

    private static final String META_FILE = "metadata.cq4t";
    private static final int META_BYTES = 128 << 10;

    private static final long HEADER_TIMEOUT_MS = TimeUnit.SECONDS.toMillis(1);

    private final Path path;
    private final DurableFiles files;
    private final SingleChronicleQueue queue;
    private final ExcerptAppender appender;
    private @Nullable DiskFile file;
    private boolean closed;
    private long allocated;
    private long position;
    private int number;

    private QueueFile(Path path, DurableFiles files, SingleChronicleQueue queue, ExcerptAppender appender) {
        this.path = path;
        this.files = files;
        this.queue = queue;
        this.appender = appender;
    }

    /**
     * Begins a queue in this folder, in which nothing but an attempt that failed may be.
     *
     * @throws FaultException HOME_FULL: try again when there is room
     */
    static QueueFile create(Path folder, DurableFiles files) throws IOException {
        files.createFolders(folder, FileAccess.PRIVATE);
        allocateMeta(folder.resolve(META_FILE), files);
        SingleChronicleQueue queue = null;
        try {
            queue = SingleChronicleQueueBuilder.builder(folder, WireType.BINARY_LIGHT)
                    .rollCycle(OneFileCycle.INSTANCE)
                    .timeProvider(() -> 0)
                    .blockSize(BLOCK_BYTES)
                    .syncMode(SyncMode.NONE)
                    .timeoutMS(HEADER_TIMEOUT_MS)
                    .checkInterrupts(false)
                    .build();
            ExcerptAppender appender = queue.createAppender();
            appender.singleThreadedCheckDisabled(true);
            return new QueueFile(folder.resolve(OneFileCycle.FILE), files, queue, appender);
        } catch (RuntimeException | LinkageError e) {
            if (queue != null) {
                queue.close();
            }
            throw broken(e);
        }
    }

    private static void allocateMeta(Path meta, DurableFiles files) throws IOException {
        uninterrupted(
                () -> {
                    try (DiskFile opened =
                            files.exists(meta) ? files.disk().open(meta) : files.create(meta, FileAccess.PRIVATE)) {
                        files.allocate(meta, opened, META_BYTES);
                    }
                },
                () -> {});
    }

    /**
     * Appends records: all of them, or none where there is no room.
     *
     * @throws FaultException HOME_FULL: the same call may be made again when there is room
     */
    void append(List<Draft> drafts) throws IOException {
        long bytes = 0;
        for (Draft draft : drafts) {
            bytes += draft.bytes() + 2 * RecordReader.WORD_BYTES;
        }
        allocate(position + bytes);
        try {
            for (Draft draft : drafts) {
                append(RecordLayout.encode(draft, number));
            }
        } catch (RuntimeException | LinkageError e) {
            throw broken(e);
        }
    }

    private void append(byte[] record) {
        try (DocumentContext message = appender.writingDocument()) {
            message.wire().bytes().write(record);
            position = message.wire().bytes().writePosition();
        }
        number++;
    }

    /** Room for the blocks that the bytes up to this position may make the queue map. */
    private void allocate(long end) throws IOException {
        long blocks = (end + SLACK_BYTES) / BLOCK_BYTES + 1;
        long bytes = blocks * BLOCK_BYTES + OVERLAP_BYTES;
        if (bytes > allocated) {
            uninterrupted(() -> files.allocate(path, opened(), bytes), this::forget);
            allocated = bytes;
        }
    }

    /** Makes durable what was appended before the call. */
    void force() throws IOException {
        uninterrupted(() -> opened().force(), this::forget);
    }

    private synchronized DiskFile opened() throws IOException {
        if (closed) {
            throw new FaultException(Fault.DISK, "the checkpoint is closed");
        }
        DiskFile opened = file;
        if (opened == null) {
            opened = files.exists(path) ? files.disk().open(path) : files.create(path, FileAccess.PRIVATE);
            file = opened;
        }
        return opened;
    }

    private synchronized void forget() {
        file = null;
    }

    private interface Step {
        void run() throws IOException;
    }

    /** An interrupt closes the channel that its thread uses. Here it waits: the step is done again with a channel opened anew. */
    private static void uninterrupted(Step step, Runnable forget) throws IOException {
        boolean interrupted = false;
        try {
            while (true) {
                interrupted |= Thread.interrupted();
                try {
                    step.run();
                    return;
                } catch (IOException e) {
                    if (!(e instanceof ClosedChannelException) && !(e.getCause() instanceof ClosedChannelException)) {
                        throw e;
                    }
                    forget.run();
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Where the next record will stand. */
    Place place() {
        return new Place(RecordReader.aligned(position), number);
    }

    Path folder() {
        return DurableFiles.folderOf(path);
    }

    /** The file, to be read beside the writing. */
    DiskFile openRead() throws IOException {
        return files.disk().openRead(path);
    }

    private synchronized @Nullable DiskFile ended() {
        closed = true;
        return file;
    }

    private static FaultException broken(Throwable cause) {
        return new FaultException(Fault.DISK, "the queue of the checkpoint fails: " + cause, cause);
    }

    @Override
    public void close() throws IOException {
        DiskFile opened = ended();
        try {
            appender.close();
            queue.close();
        } catch (RuntimeException | LinkageError e) {
            throw broken(e);
        } finally {
            if (opened != null) {
                opened.close();
            }
        }
    }
}
