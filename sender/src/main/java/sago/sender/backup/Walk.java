package sago.sender.backup;

import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import sago.common.fault.FaultException;
import sago.sender.checkpoint.FinishedFiles;
import sago.sender.pack.ChunkRef;
import sago.sender.source.SourceEntry;
import sago.sender.source.SourceWalker;
import sago.sender.tree.Entry;
import sago.sender.tree.EntryKind;
import sago.sender.tree.TreeCacheReader;

/**
 * Walks the source beside the last tree and the finished files of runs that were cut off, in the same order: what is unchanged and still
 * stored passes without being opened, everything else becomes work. Confined to the walker thread.
 */
final class Walk {
    private final SourceWalker walker;
    private final @Nullable TreeCacheReader lastTree;
    private final StoredChunks stored;
    private final BackupCounters counters;
    private final long regionBytes;
    private final Queues queues;
    private final @Nullable FinishedFiles finished;
    private FileBatch batch;
    private long items;

    /**
     * Items between the threads, bounded.
     *
     * @param order all items, in the order of the walk
     * @param work those that a worker has to do
     */
    record Queues(BlockingQueue<WorkItem> order, BlockingQueue<WorkItem> work) {}

    Walk(SourceWalker walker, @Nullable TreeCacheReader lastTree, Scan.Shared shared, long regionBytes, Queues queues) {
        this.walker = walker;
        this.lastTree = lastTree;
        this.stored = shared.stored();
        this.counters = shared.counters();
        this.regionBytes = regionBytes;
        this.queues = queues;
        this.finished = shared.keeping().checkpoint().finished();
        this.batch = new FileBatch(counters);
    }

    void run() throws FaultException, InterruptedException {
        SourceEntry found = walker.next();
        while (found != null) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            visit(found);
            if (batch.isFull()) {
                flush();
            }
            found = walker.next();
        }
        flush();
        counters.vanished.add(walker.vanished());
    }

    private void visit(SourceEntry found) throws FaultException, InterruptedException {
        Entry entry = found.entry();
        Entry last = lastTree == null ? null : lastTree.find(entry.key());
        if (entry.kind() != EntryKind.FILE) {
            batch.add(entry);
            return;
        }
        counters.filesSeen.increment();
        counters.bytesSeen.add(entry.size());
        if (last != null
                && lastTree != null
                && entry.isUnchangedSince(last, lastTree.scanStartMs())
                && stored.holds(last)) {
            counters.filesUnchanged.increment();
            counters.bytesUnchanged.add(entry.size());
            batch.add(entry.withContent(last.content()));
        } else if (entry.size() == 0) {
            batch.add(entry);
        } else if (entry.size() <= regionBytes) {
            visitSmall(found);
        } else {
            visitLarge(found);
        }
    }

    private void visitSmall(SourceEntry found) throws FaultException {
        Entry entry = found.entry();
        Entry done = finished == null ? null : finished.file(entry.key());
        if (done != null && entry.hasStatOf(done) && stored.holds(done.content().refs())) {
            counters.filesFinished.increment();
            counters.bytesFinished.add(entry.size());
            batch.add(entry.withContent(done.content()));
        } else {
            batch.addUnread(found);
        }
    }

    private void visitLarge(SourceEntry found) throws FaultException, InterruptedException {
        flush();
        Entry entry = found.entry();
        AtomicBoolean told = new AtomicBoolean();
        for (long start = 0; start < entry.size(); start += regionBytes) {
            long length = Math.min(regionBytes, entry.size() - start);
            FileRegion region = new FileRegion(found, start, length, told);
            List<ChunkRef> done = finished == null ? null : finished.region(entry, start);
            // Regions may have been of another size then.
            boolean stands = done != null && Checkpoint.bytes(done) == length && stored.holds(done);
            if (done != null && stands) {
                counters.bytesFinished.add(length);
                region.alreadyStored(done);
            }
            put(region, !stands);
        }
    }

    private void flush() throws InterruptedException {
        if (!batch.isEmpty()) {
            put(batch, batch.reads());
            batch = new FileBatch(counters);
        }
    }

    /** First into the order, so that the tree thread never waits for an item that no worker can reach. */
    private void put(WorkItem item, boolean needsWorker) throws InterruptedException {
        item.number(items++);
        queues.order().put(item);
        if (needsWorker) {
            queues.work().put(item);
        } else {
            item.finished();
        }
    }
}
