package sago.sender.backup;

import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import sago.sender.chunk.Chunker;
import sago.sender.source.SourceEntry;
import sago.sender.tree.Entry;
import sago.sender.tree.Extent;
import sago.sender.tree.Holes;

/** A file that is read in regions, which several workers do at a time. Thread-safe. */
final class LargeFile {
    private final SourceEntry source;
    private final Entry file;
    private final Holes holes;
    private final Chunker chunker;
    private final AtomicBoolean lost = new AtomicBoolean();
    private final AtomicBoolean changed = new AtomicBoolean();

    /**
     * @param file what the tree will say of it; of an image of a device that is not the walk's entry
     * @param holes as they were when the walk met it
     * @param chunker where its chunks end
     */
    LargeFile(SourceEntry source, Entry file, Holes holes, Chunker chunker) {
        this.source = source;
        this.file = file;
        this.holes = holes;
        this.chunker = chunker;
    }

    SourceEntry source() {
        return source;
    }

    Entry file() {
        return file;
    }

    Holes holes() {
        return holes;
    }

    Chunker chunker() {
        return chunker;
    }

    /** Bytes between the holes. */
    long dataBytes() {
        return file.size() - holes.bytes();
    }

    /** Where this region of those bytes lies. */
    List<Extent> extents(long start, long length) {
        return holes.extents(start, length);
    }

    /** One of its regions could not be read. Returns whether that is news. */
    boolean lose() {
        return lost.compareAndSet(false, true);
    }

    /** One of its regions was read when it was not any more what the walk saw. Returns whether that is news. */
    boolean change() {
        return changed.compareAndSet(false, true);
    }

    boolean hasChanged() {
        return changed.get();
    }
}
