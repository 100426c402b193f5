package sago.sender.index;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import sago.common.durable.DraftFile;
import sago.common.durable.DurableFiles;
import sago.common.durable.FileAccess;

/**
 * Writes a segment from rows in ascending order: buckets and rows at the same time, each behind the other, so that memory is two buffers
 * however many rows come. It appears under its name when it is complete and forced. Confined to one thread.
 */
final class SegmentWriter implements AutoCloseable {
    private static final int ROW_BUFFER_BYTES = 5461 * IndexRow.BYTES;
    private static final int BUCKET_BUFFER_BYTES = 64 << 10;

    private final SegmentLayout layout;
    private final DraftFile draft;
    private final ByteBuffer rows = ByteBuffer.allocate(ROW_BUFFER_BYTES);
    private final ByteBuffer buckets = ByteBuffer.allocate(BUCKET_BUFFER_BYTES);
    private final long[] filter = new long[SegmentLayout.FILTER_WORDS];
    private long rowsFlushed;
    private int bucketsFlushed;
    private int bucket;
    private int bucketRows;

    /** @param layout made for at least as many rows as will come */
    SegmentWriter(DurableFiles files, Path path, SegmentLayout layout) throws IOException {
        this.layout = layout;
        this.draft = files.draft(path, FileAccess.PRIVATE);
    }

    /** Adds a sound row whose key is above that of the row before. Borrows the buffer. */
    void add(ByteBuffer from, int at) throws IOException {
        int of = layout.bucketOf(from.getLong(at));
        if (of < bucket) {
            throw new IllegalArgumentException("row of bucket " + of + " after bucket " + bucket);
        }
        endBucketsBefore(of);
        long low = from.getLong(at + Long.BYTES);
        for (int word = 0; word < filter.length; word++) {
            filter[word] |= SegmentLayout.filterBit(low, word);
        }
        if (!rows.hasRemaining()) {
            flushRows();
        }
        rows.put(rows.position(), from, at, IndexRow.BYTES).position(rows.position() + IndexRow.BYTES);
        bucketRows++;
    }

    private long written() {
        return rowsFlushed + rows.position() / IndexRow.BYTES;
    }

    private void endBucketsBefore(int next) throws IOException {
        while (bucket < next) {
            endBucket();
        }
    }

    private void endBucket() throws IOException {
        if (!buckets.hasRemaining()) {
            flushBuckets();
        }
        ByteBuffer sealed = buckets.slice(buckets.position(), SegmentLayout.BUCKET_BYTES);
        sealed.putLong(written() - bucketRows).putInt(bucketRows);
        for (long word : filter) {
            sealed.putLong(word);
        }
        SegmentLayout.seal(sealed);
        buckets.position(buckets.position() + SegmentLayout.BUCKET_BYTES);
        Arrays.fill(filter, 0);
        bucketRows = 0;
        bucket++;
    }

    private void flushRows() throws IOException {
        int count = rows.position() / IndexRow.BYTES;
        draft.write(rows.flip(), layout.rowAt(rowsFlushed));
        rowsFlushed += count;
        rows.clear();
    }

    private void flushBuckets() throws IOException {
        int count = buckets.position() / SegmentLayout.BUCKET_BYTES;
        draft.write(buckets.flip(), layout.bucketAt(bucketsFlushed));
        bucketsFlushed += count;
        buckets.clear();
    }

    /** Makes the segment durable under its name. Returns what its header says. */
    SegmentLayout publish() throws IOException {
        endBucketsBefore(layout.buckets());
        flushBuckets();
        long padding = layout.rowsAt() - layout.bucketAt(layout.buckets());
        draft.write(ByteBuffer.allocate((int) padding), layout.bucketAt(layout.buckets()));
        flushRows();
        SegmentLayout complete = layout.withRows(rowsFlushed);
        draft.write(complete.header(), 0);
        draft.publish();
        return complete;
    }

    /** Without {@link #publish()} before, nothing stays. */
    @Override
    public void close() throws IOException {
        draft.close();
    }
}
