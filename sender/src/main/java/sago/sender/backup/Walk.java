package sago.sender.backup;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import sago.common.fault.FaultException;
import sago.sender.checkpoint.FinishedFiles;
import sago.sender.chunk.Chunker;
import sago.sender.chunk.FixedChunker;
import sago.sender.pack.ChunkRef;
import sago.sender.source.SourceEntry;
import sago.sender.source.SourceFile;
import sago.sender.source.SourceWalker;
import sago.sender.tree.Entry;
import sago.sender.tree.EntryKey;
import sago.sender.tree.EntryKind;
import sago.sender.tree.FileContent;
import sago.sender.tree.Holes;
import sago.sender.tree.TreeCacheReader;

/**
 * Walks the source beside the last tree and the finished files of runs that were cut off, in the same order: what is unchanged and still
 * stored passes without being opened, everything else becomes work. Confined to the walker thread.
 */
final class Walk implements Feed {
    private final SourceWalker walker;
    private final @Nullable TreeCacheReader lastTree;
    private final StoredChunks stored;
    private final BackupCounters counters;
    private final Reading reading;
    private final @Nullable FinishedFiles finished;
    private FileBatch batch;

    /**
     * How files are read.
     *
     * @param regionBytes length of the parts of large ones
     * @param chunker of all but images
     * @param images that are read whole in chunks of one length
     */
    record Reading(long regionBytes, Chunker chunker, Set<EntryKey> images, SourceTrouble trouble) {}

    Walk(SourceWalker walker, @Nullable TreeCacheReader lastTree, Scan.Shared shared, Reading reading) {
        this.walker = walker;
        this.lastTree = lastTree;
        this.stored = shared.stored();
        this.counters = shared.counters();
        this.reading = reading;
        this.finished = shared.keeping().checkpoint().finished();
        this.batch = new FileBatch(counters);
    }

    @Override
    public void run(ItemQueues queues) throws FaultException, InterruptedException {
        SourceEntry found = walker.next();
        while (found != null) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            visit(found, queues);
            if (batch.isFull()) {
                flush(queues);
            }
            found = walker.next();
        }
        flush(queues);
    }

    private void visit(SourceEntry walked, ItemQueues queues) throws FaultException, InterruptedException {
        Entry last = lastTree == null ? null : lastTree.find(walked.entry().key());
        SourceEntry found = withXattrs(walked, last);
        Entry entry = found.entry();
        boolean image = reading.images.contains(entry.key());
        if (image && entry.kind() == EntryKind.BLOCK_DEVICE) {
            visitImage(found, last, queues);
            return;
        }
        if (entry.kind() != EntryKind.FILE) {
            batch.add(entry);
            return;
        }
        if (last != null
                && lastTree != null
                && entry.isUnchangedSince(last, lastTree.scanStartMs())
                && stored.holds(last)) {
            count(counters.filesUnchanged, counters.bytesUnchanged, entry);
            batch.add(entry.withContent(last.content(), last.holes()));
            return;
        }
        countWork(last, entry);
        if (image) {
            visitImage(found, last, queues);
        } else if (entry.size() == 0) {
            batch.add(entry);
        } else if (entry.size() <= reading.regionBytes) {
            visitSmall(found);
        } else {
            visitLarge(found, queues);
        }
    }

    /** Extended attributes are read of what has changed, whatever its kind; all else has those of the last snapshot. */
    private SourceEntry withXattrs(SourceEntry walked, @Nullable Entry last) {
        boolean same = last != null && lastTree != null && walked.entry().hasXattrsOf(last, lastTree.scanStartMs());
        return last != null && same ? walked.withXattrs(last.xattrs()) : walker.withXattrs(walked);
    }

    private void count(LongAdder files, LongAdder bytes, Entry entry) {
        counters.filesSeen.increment();
        counters.bytesSeen.add(entry.size());
        files.increment();
        bytes.add(entry.size());
    }

    private void countWork(@Nullable Entry last, Entry entry) {
        if (last == null) {
            count(counters.filesNew, counters.bytesNew, entry);
        } else {
            count(counters.filesModified, counters.bytesModified, entry);
        }
    }

    private void visitSmall(SourceEntry found) throws FaultException {
        Entry entry = found.entry();
        Entry done = finished == null ? null : finished.file(entry.key());
        if (done != null && entry.hasStatOf(done) && stored.holds(done.content().refs())) {
            counters.filesFinished.increment();
            counters.bytesFinished.add(entry.size());
            batch.add(entry.withContent(done.content(), done.holes()));
        } else {
            batch.addUnread(found);
        }
    }

    private void visitLarge(SourceEntry found, ItemQueues queues) throws FaultException, InterruptedException {
        Holes holes;
        try (SourceFile open = found.open()) {
            holes = open.holes(found.entry().size());
        } catch (IOException e) {
            reading.trouble.lost(found.path(), e);
            return;
        }
        regions(new LargeFile(found, found.entry(), holes, reading.chunker), queues);
    }

    /** A device becomes a file as long as it is. */
    private void visitImage(SourceEntry found, @Nullable Entry last, ItemQueues queues)
            throws FaultException, InterruptedException {
        Entry image;
        Holes holes;
        try (SourceFile open = found.open()) {
            long size = open.size();
            image = Entry.of(found.entry().key(), found.entry().attributes().ofFile(size))
                    .withXattrs(found.entry().xattrs());
            // Chunks of an image lie where its blocks do.
            holes = open.holes(size).alignedTo(FixedChunker.IMAGE.maxBytes(), size);
        } catch (IOException e) {
            reading.trouble.lost(found.path(), e);
            return;
        }
        if (found.entry().kind() != EntryKind.FILE) {
            countWork(last, image);
        }
        regions(new LargeFile(found, image, holes, FixedChunker.IMAGE), queues);
    }

    private void regions(LargeFile file, ItemQueues queues) throws FaultException, InterruptedException {
        long bytes = file.dataBytes();
        counters.bytesHoles.add(file.holes().bytes());
        if (bytes == 0) {
            batch.add(file.file().withContent(FileContent.EMPTY, file.holes()));
            return;
        }
        flush(queues);
        for (long start = 0; start < bytes; start += reading.regionBytes) {
            long length = Math.min(reading.regionBytes, bytes - start);
            FileRegion region = new FileRegion(file, start, length);
            List<ChunkRef> done = finished == null ? null : finished.region(file.file(), start, region.extents());
            // Regions may have been of another size then.
            boolean stands = done != null && Checkpoint.bytes(done) == length && stored.holds(done);
            if (done != null && stands) {
                counters.bytesFinished.add(length);
                region.alreadyStored(done);
            }
            queues.put(region, !stands);
        }
    }

    private void flush(ItemQueues queues) throws InterruptedException {
        if (!batch.isEmpty()) {
            queues.put(batch, batch.reads());
            batch = new FileBatch(counters);
        }
    }
}
