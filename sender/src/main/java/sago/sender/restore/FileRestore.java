package sago.sender.restore;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import sago.common.durable.NoSpace;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.sender.pack.ChunkKind;
import sago.sender.pack.ChunkRef;
import sago.sender.pack.ChunkSource;
import sago.sender.source.posix.FileStatus;
import sago.sender.tree.ContentCursor;
import sago.sender.tree.Entry;
import sago.sender.tree.EntryKind;
import sago.sender.tree.TreeReader;

/** Writes files: whole ones by one worker each, large ones in parts by all. Thread-safe. */
final class FileRestore {
    private final ChunkSource chunks;
    private final TreeReader tree;
    private final TargetFiles targets;
    private final Metadata metadata;
    private final RestoreCounters counters;

    FileRestore(ChunkSource chunks, TreeReader tree, TargetFiles targets, Metadata metadata, RestoreCounters counters) {
        this.chunks = chunks;
        this.tree = tree;
        this.targets = targets;
        this.metadata = metadata;
        this.counters = counters;
    }

    /** Restores one file. A file of the same size that is there is compared, and rewritten from the first difference on. */
    void restore(Entry file) throws IOException, InterruptedException {
        try {
            FileStatus status = targets.statusOf(file.key());
            if (status != null && TargetFiles.isKind(status, EntryKind.FILE) && status.size() == file.size()) {
                try (FileChannel existing = targets.openExisting(file.key())) {
                    write(file, existing);
                }
            } else {
                write(file, null);
            }
        } catch (IOException e) {
            report(file, e);
        }
    }

    private void write(Entry file, @Nullable FileChannel existing) throws IOException, InterruptedException {
        ContentCursor content = tree.content(file.content());
        TargetFiles.@Nullable Draft draft = existing == null ? targets.draft(file.key()) : null;
        try {
            long offset = 0;
            for (ChunkRef ref = content.next(); ref != null; ref = content.next()) {
                byte[] bytes = read(ref);
                if (draft == null && !holds(existing, offset, bytes)) {
                    draft = targets.draft(file.key());
                    copyStart(existing, draft.channel(), offset);
                }
                if (draft != null) {
                    writeFully(draft.channel(), offset, bytes);
                }
                offset += bytes.length;
                counters.bytes.add(bytes.length);
            }
            if (draft == null) {
                targets.applyMetadata(file, metadata);
                counters.unchanged.increment();
            } else {
                draft.publish(file, metadata);
                counters.files.increment();
            }
        } finally {
            if (draft != null) {
                draft.close();
            }
        }
    }

    /** Starts a file whose parts are written by several workers. */
    Parts parts(Entry file) throws IOException {
        return new Parts(file, targets.draft(file.key()));
    }

    private byte[] read(ChunkRef ref) throws FaultException, InterruptedException {
        byte[] bytes = chunks.read(ref, ChunkKind.DATA);
        if (bytes.length != ref.raw()) {
            throw new FaultException(Fault.INTEGRITY, "a chunk has " + bytes.length + " bytes instead of " + ref.raw());
        }
        return bytes;
    }

    private static boolean holds(@Nullable FileChannel existing, long offset, byte[] bytes) throws IOException {
        if (existing == null) {
            return false;
        }
        ByteBuffer there = ByteBuffer.allocate(bytes.length);
        while (there.hasRemaining()) {
            if (existing.read(there, offset + there.position()) < 0) {
                return false;
            }
        }
        return Arrays.equals(there.array(), bytes);
    }

    private static void copyStart(@Nullable FileChannel from, FileChannel to, long length) throws IOException {
        long copied = 0;
        while (from != null && copied < length) {
            long moved = from.transferTo(copied, length - copied, to.position(copied));
            if (moved <= 0) {
                throw new IOException("it shrank while it was compared");
            }
            copied += moved;
        }
    }

    private static void writeFully(FileChannel to, long offset, byte[] bytes) throws IOException {
        ByteBuffer from = ByteBuffer.wrap(bytes);
        while (from.hasRemaining()) {
            to.write(from, offset + from.position());
        }
    }

    /**
     * Decides what a failure means: damage and trouble with one entry are counted and the run goes on; a lost connection, a stop or a
     * full disk end it.
     */
    void report(Entry entry, IOException e) throws IOException {
        if (e instanceof FaultException fault) {
            if (fault.fault() != Fault.INTEGRITY) {
                throw fault;
            }
            counters.damage(entry.key(), String.valueOf(fault.getMessage()));
            return;
        }
        String message = String.valueOf(e.getMessage());
        if (Thread.currentThread().isInterrupted()) {
            throw new FaultException(Fault.INTERRUPTED, "stopped before it was done", e);
        }
        if (NoSpace.is(e)) {
            throw new FaultException(
                    Fault.DISK, "the target has no room left: free some and run the same command again", e);
        }
        counters.fail(entry.key(), message);
    }

    /** A large file. Whoever finishes the last part publishes it. */
    final class Parts {
        private final Entry file;
        private final TargetFiles.Draft draft;

        /** Parts that are handed over and not done, and one for the planner while it still hands over. */
        private final AtomicInteger pending = new AtomicInteger(1);

        private final AtomicBoolean broken = new AtomicBoolean();

        private Parts(Entry file, TargetFiles.Draft draft) {
            this.file = file;
            this.draft = draft;
        }

        /** The task that writes these chunks from this offset on. */
        TaskWorkers.Task part(long offset, List<ChunkRef> refs) {
            pending.incrementAndGet();
            return () -> {
                try {
                    long at = offset;
                    for (ChunkRef ref : refs) {
                        if (broken.get()) {
                            break;
                        }
                        byte[] bytes = read(ref);
                        writeFully(draft.channel(), at, bytes);
                        at += bytes.length;
                        counters.bytes.add(bytes.length);
                    }
                } catch (IOException e) {
                    fail(e);
                }
                done();
            };
        }

        /** This part, or the planning of the rest, failed: the file will not appear. */
        void fail(IOException e) throws IOException {
            if (broken.compareAndSet(false, true)) {
                report(file, e);
            }
        }

        /** A part is done, or the planner has handed over the last. */
        void done() throws IOException {
            if (pending.decrementAndGet() > 0) {
                return;
            }
            try (draft) {
                if (!broken.get()) {
                    draft.publish(file, metadata);
                    counters.files.increment();
                }
            } catch (IOException e) {
                report(file, e);
            }
        }
    }
}
