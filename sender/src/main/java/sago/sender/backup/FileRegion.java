package sago.sender.backup;

import java.util.List;
import org.jspecify.annotations.Nullable;
import sago.common.fault.FaultException;
import sago.sender.pack.ChunkRef;
import sago.sender.tree.Extent;

/** A part of a large file. The regions of a file follow each other in the queue, so the tree thread puts it together as they come. */
final class FileRegion extends WorkItem {
    private final LargeFile file;
    private final long start;
    private final long length;
    private final List<Extent> extents;
    private @Nullable List<ChunkRef> chunks;
    private boolean read;

    /** @param start among the bytes between holes */
    FileRegion(LargeFile file, long start, long length) {
        this.file = file;
        this.start = start;
        this.length = length;
        this.extents = file.extents(start, length);
    }

    List<Extent> extents() {
        return extents;
    }

    /** A run before has stored it: nobody has to read it. */
    void alreadyStored(List<ChunkRef> refs) {
        chunks = refs;
    }

    @Override
    void work(FileStore store) throws FaultException, InterruptedException {
        read = true;
        chunks = store.store(file, extents);
    }

    @Override
    void record(Checkpoint checkpoint) throws FaultException {
        List<ChunkRef> refs = chunks;
        if (refs != null && Checkpoint.bytes(refs) == length && !file.hasChanged()) {
            boolean last = start + length == file.dataBytes();
            checkpoint.region(number(), new Checkpoint.Region(file.file(), start, extents, last), refs);
        }
    }

    @Override
    void emit(TreeSink sink) throws FaultException, InterruptedException {
        boolean last = start + length == file.dataBytes();
        sink.region(new TreeSink.Region(file.file(), file.holes(), start, length, last), read, chunks);
    }
}
