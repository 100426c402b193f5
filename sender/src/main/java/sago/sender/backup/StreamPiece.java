package sago.sender.backup;

import java.util.List;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;
import sago.common.fault.FaultException;
import sago.sender.pack.ChunkRef;
import sago.sender.tree.Entry;
import sago.sender.tree.Holes;

/** Whole chunks of a stream, read and cut by the walker. A stream cannot be read twice, so nothing of it goes into the checkpoint. */
final class StreamPiece extends WorkItem {
    private final Place place;
    private final BlockingQueue<byte[]> free;
    private @Nullable Cuts cuts;
    private @Nullable List<ChunkRef> chunks;

    /**
     * Which part of the stream it is.
     *
     * @param file what the tree will say of it; its size is not known before the end
     * @param start bytes before this piece
     * @param length of this piece; 0 only for an empty stream
     */
    record Place(Entry file, long start, long length, boolean last) {}

    /** A buffer and where the chunks in it end, ascending; the first begins at 0. */
    static final class Cuts {
        private final byte[] buffer;
        private final List<Integer> ends;

        /** Takes ownership of the buffer. */
        Cuts(byte[] buffer, List<Integer> ends) {
            this.buffer = buffer;
            this.ends = List.copyOf(ends);
        }

        byte[] buffer() {
            return buffer;
        }

        List<Integer> ends() {
            return ends;
        }
    }

    /** @param free where the buffer goes when it is not needed any more */
    StreamPiece(Place place, Cuts cuts, BlockingQueue<byte[]> free) {
        this.place = place;
        this.cuts = cuts;
        this.free = free;
    }

    @Override
    void work(FileStore store) throws FaultException, InterruptedException {
        Cuts own = cuts;
        if (own == null) {
            throw new IllegalStateException("a piece of a stream is stored twice");
        }
        chunks = store.store(own);
        cuts = null;
        free.add(own.buffer());
    }

    @Override
    void record(Checkpoint checkpoint) {}

    @Override
    void emit(TreeSink sink) throws FaultException, InterruptedException {
        sink.region(new TreeSink.Region(place.file, Holes.NONE, place.start, place.length, place.last), true, chunks);
    }
}
