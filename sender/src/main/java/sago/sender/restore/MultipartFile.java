package sago.sender.restore;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import sago.sender.pack.ChunkRef;
import sago.sender.source.posix.FileStatus;
import sago.sender.source.posix.OpenNode;
import sago.sender.tree.Entry;

/**
 * A file whose parts several workers restore; whoever finishes the last part finishes the file. Where a large file is there already, only
 * what differs is written, into that file: a second copy of it may not fit. A run that ends in between leaves it half changed, with a new
 * time, and the next run goes on. Otherwise a new file is written beside it. Thread-safe.
 */
final class MultipartFile {
    /** What is written to: a new file, or the one that is there. */
    interface Place extends AutoCloseable {
        OpenNode node();

        /** Everything is written. */
        RestoreAction finish(boolean hasChanged) throws IOException, InterruptedException;

        @Override
        void close() throws IOException;
    }

    private final Entry file;
    private final FileData data;
    private final Place place;
    private final boolean isCompared;
    private final FileRestore files;
    private final RestoreCounters counters;

    /** Parts that are handed over and not done, and one for the planner while it still hands over. */
    private final AtomicInteger pending = new AtomicInteger(1);

    private final AtomicBoolean broken = new AtomicBoolean();
    private final AtomicBoolean changed = new AtomicBoolean();

    private MultipartFile(Entry file, FileData data, Place place, boolean isCompared, FileRestore files) {
        this.file = file;
        this.data = data;
        this.place = place;
        this.isCompared = isCompared;
        this.files = files;
        this.counters = files.counters();
    }

    /** Starts one that is written anew. */
    static MultipartFile anew(Entry file, FileData data, TargetFiles.Draft draft, boolean isUpdate, FileRestore files) {
        Place place = new Place() {
            @Override
            public OpenNode node() {
                return draft.node();
            }

            @Override
            public RestoreAction finish(boolean hasChanged) throws IOException {
                draft.publish(file, files.metadata());
                return isUpdate ? RestoreAction.UPDATE : RestoreAction.CREATE;
            }

            @Override
            public void close() throws IOException {
                draft.close();
            }
        };
        return new MultipartFile(file, data, place, false, files);
    }

    /** Starts one that is there, is open for reading and writing, and has no other name. */
    static MultipartFile over(Entry file, FileData data, OpenNode node, FileRestore files) {
        Place place = new Place() {
            @Override
            public OpenNode node() {
                return node;
            }

            @Override
            public RestoreAction finish(boolean hasChanged) throws IOException, InterruptedException {
                boolean differs = hasChanged;
                if (node.status().size() != file.size()) {
                    node.setSize(file.size());
                    differs = true;
                }
                differs |= !data.hasZerosInHoles(node);
                data.punchHoles(node);
                if (!data.hasZerosInHoles(node)) {
                    throw new IOException("there are bytes where the snapshot has a hole, and they cannot be removed");
                }
                FileStatus now = node.status();
                files.metadata().apply(node, file, now);
                return differs ? RestoreAction.UPDATE : RestoreAction.UNCHANGED;
            }

            @Override
            public void close() {
                node.close();
            }
        };
        return new MultipartFile(file, data, place, true, files);
    }

    /** The task that writes these chunks from this data offset on. */
    TaskWorkers.Task part(long dataOffset, List<ChunkRef> refs) {
        pending.incrementAndGet();
        return () -> {
            try {
                write(dataOffset, refs);
            } catch (IOException e) {
                fail(e);
            }
            done();
        };
    }

    private void write(long dataOffset, List<ChunkRef> refs) throws IOException, InterruptedException {
        long at = dataOffset;
        for (ChunkRef ref : refs) {
            if (broken.get()) {
                return;
            }
            if (!isCompared || data.found(place.node(), ref, at) == null) {
                data.fetch(ref, place.node(), at);
                changed.set(true);
                counters.written.add(ref.raw());
            }
            at += ref.raw();
            counters.bytes.add(ref.raw());
        }
    }

    /** This part, or the planning of the rest, failed: the file will not appear, or stays as far as it came. */
    void fail(IOException e) throws IOException {
        if (broken.compareAndSet(false, true)) {
            files.report(file, e);
        }
    }

    /** A part is done, or the planner has handed over the last. */
    void done() throws IOException, InterruptedException {
        if (pending.decrementAndGet() > 0) {
            return;
        }
        try (place) {
            if (!broken.get()) {
                counters.count(place.finish(changed.get()), file.key());
            }
        } catch (IOException e) {
            files.report(file, e);
        }
    }
}
