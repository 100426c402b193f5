package sago.sender.backup;

import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import sago.common.fault.FaultException;
import sago.sender.pack.ChunkRef;
import sago.sender.source.SourceEntry;

/** A part of a large file. The regions of a file follow each other in the queue, so the tree thread puts it together as they come. */
final class FileRegion extends WorkItem {
    private final SourceEntry file;
    private final long start;
    private final long length;
    private final AtomicBoolean told;
    private @Nullable List<ChunkRef> chunks;
    private boolean read;

    /** @param told whether the file was already said to be unreadable; one for all its regions */
    FileRegion(SourceEntry file, long start, long length, AtomicBoolean told) {
        this.file = file;
        this.start = start;
        this.length = length;
        this.told = told;
    }

    /** A run before has stored it: nobody has to read it. */
    void alreadyStored(List<ChunkRef> refs) {
        chunks = refs;
    }

    @Override
    void work(FileStore store) throws FaultException, InterruptedException {
        read = true;
        chunks = store.store(file, start, length, told);
    }

    @Override
    void record(Checkpoint checkpoint) throws FaultException {
        List<ChunkRef> refs = chunks;
        if (refs != null && Checkpoint.bytes(refs) == length) {
            checkpoint.region(number(), start, file.entry(), refs);
        }
    }

    @Override
    void emit(TreeSink sink) throws FaultException, InterruptedException {
        sink.region(new TreeSink.Region(file.entry(), start, length, read), chunks);
    }
}
