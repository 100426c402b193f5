package sago.receiver.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import sago.common.durable.DiskFile;
import sago.common.limits.Limits;

/** Reads a journal file through a window of bounded size that follows the reader. Confined to one thread. */
final class SegmentWindow {
    private final DiskFile file;
    private final long size;
    private final ByteBuffer buffer =
            ByteBuffer.allocate(2 * (RecordCodec.HEADER_BYTES + Limits.JOURNAL_RECORD_BYTES_MAX));
    private long start;

    SegmentWindow(DiskFile file) throws IOException {
        this.file = file;
        this.size = file.size();
        buffer.limit(0);
    }

    long size() {
        return size;
    }

    /** Whether the file has this many bytes from this offset. */
    boolean has(long offset, int length) {
        return offset + length <= size;
    }

    /** Index in {@link #bytes()} of the byte at this offset, from which this many bytes are there. */
    int require(long offset, int length) throws IOException {
        if (offset < start || offset + length > start + buffer.limit()) {
            buffer.clear().limit((int) Math.min(buffer.capacity(), size - offset));
            file.readFully(buffer, offset);
            start = offset;
        }
        return (int) (offset - start);
    }

    ByteBuffer bytes() {
        return buffer;
    }
}
