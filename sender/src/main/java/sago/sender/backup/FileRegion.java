package sago.sender.backup;

import java.io.IOException;
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

    /** @param told whether the file was already said to be unreadable; one for all its regions */
    FileRegion(SourceEntry file, long start, long length, AtomicBoolean told) {
        this.file = file;
        this.start = start;
        this.length = length;
        this.told = told;
    }

    @Override
    void work(FileStore store) throws FaultException, InterruptedException {
        chunks = store.store(file, start, length, told);
    }

    @Override
    void emit(TreeSink sink) throws IOException, InterruptedException {
        sink.region(file.entry(), start, length, chunks);
    }
}
