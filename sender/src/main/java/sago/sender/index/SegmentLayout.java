package sago.sender.index;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import sago.sender.pack.ChunkId;

/**
 * Where things lie in a segment, a file of rows in the order of their keys. Keys are spread evenly, so the first 4 bytes of a key, scaled,
 * are its bucket; buckets ascend as keys do. All numbers are big-endian.
 *
 * <pre>
 * 0            header, 4096 bytes
 * 4096         buckets, 64 bytes each, then zeros up to a multiple of 4096
 * rowsAt()     rows, 48 bytes each
 *
 * header                                    bucket
 *  0  8  "SAGOIDX" 0x01                      0  8  number of its first row
 *  8  4  version, 1                          8  4  its rows
 * 12  4  number of buckets                  12 48  filter: six words of 64 bits
 * 16  8  number of rows                     60  4  CRC32C of bytes 0 to 59
 * 24  8  first log that it holds
 * 32  8  last log that it holds
 * 40  4  CRC32C of bytes 0 to 39
 * </pre>
 *
 * <p>A bucket says where its rows are and, of most absent keys, that they are not among them: with 32 rows about one absent key in 250
 * passes. So one read of 64 bytes answers for an absent key, and nothing of a segment has to be in memory.
 */
record SegmentLayout(int buckets, long rows, LogRange logs) {
    static final long MAGIC = 0x5341474f49445801L;
    static final int VERSION = 1;
    static final int HEADER_BYTES = 4096;
    static final int BUCKET_BYTES = 64;
    static final int FILTER_WORDS = 6;
    static final int FILTER_AT = 12;
    private static final int BUCKET_CRC_AT = 60;
    private static final int ROWS_PER_BUCKET = 32;
    private static final int VERSION_AT = 8;
    private static final int HEADER_CRC_AT = 40;
    private static final int PAGE_BYTES = 4096;
    private static final int WORD_SELECT_BITS = 6;

    SegmentLayout {
        if (buckets < 1 || rows < 0) {
            throw new IllegalArgumentException("segment of " + buckets + " buckets, " + rows + " rows");
        }
    }

    /** Room for so many rows; fewer may come. */
    static SegmentLayout ofRows(long rows, LogRange logs) {
        long buckets = Math.max(1, (rows + ROWS_PER_BUCKET - 1) / ROWS_PER_BUCKET);
        return new SegmentLayout((int) Math.min(Integer.MAX_VALUE, buckets), rows, logs);
    }

    SegmentLayout withRows(long counted) {
        return new SegmentLayout(buckets, counted, logs);
    }

    int bucketOf(long keyHigh) {
        return (int) (((keyHigh >>> Integer.SIZE) * buckets) >>> Integer.SIZE);
    }

    long bucketAt(int bucket) {
        return HEADER_BYTES + (long) bucket * BUCKET_BYTES;
    }

    long rowsAt() {
        long end = bucketAt(buckets);
        return (end + PAGE_BYTES - 1) / PAGE_BYTES * PAGE_BYTES;
    }

    long rowAt(long row) {
        return rowsAt() + row * IndexRow.BYTES;
    }

    long fileBytes() {
        return rowAt(rows);
    }

    ByteBuffer header() {
        ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES);
        header.putLong(MAGIC).putInt(VERSION).putInt(buckets).putLong(rows);
        header.putLong(logs.first()).putLong(logs.last());
        header.putInt(crc(header, HEADER_CRC_AT));
        return header.rewind();
    }

    /** Version of the header in this buffer, from 0; 0 where it is none or damaged. */
    static int version(ByteBuffer header) {
        boolean sound = header.getLong(0) == MAGIC && header.getInt(HEADER_CRC_AT) == crc(header, HEADER_CRC_AT);
        return sound ? header.getInt(VERSION_AT) : 0;
    }

    /** What a header of this version says; null where that makes no sense. */
    static @Nullable SegmentLayout read(ByteBuffer header) {
        header.position(VERSION_AT + Integer.BYTES);
        int buckets = header.getInt();
        long rows = header.getLong();
        long first = header.getLong();
        long last = header.getLong();
        boolean possible = buckets > 0 && rows >= 0 && first >= 0 && first <= last;
        return possible ? new SegmentLayout(buckets, rows, new LogRange(first, last)) : null;
    }

    /** Ends a bucket whose other bytes are written. */
    static void seal(ByteBuffer bucket) {
        bucket.putInt(BUCKET_CRC_AT, crc(bucket, BUCKET_CRC_AT));
    }

    /** Whether the bucket at the start of this buffer is as it was written. */
    static boolean isSound(ByteBuffer bucket) {
        return bucket.getInt(BUCKET_CRC_AT) == crc(bucket, BUCKET_CRC_AT);
    }

    /** The bit that stands for a key in a word of its bucket's filter. */
    static long filterBit(long keyLow, int word) {
        return 1L << (keyLow >>> (word * WORD_SELECT_BITS));
    }

    /** False only if the bucket does not hold the key. */
    static boolean mayHold(ByteBuffer bucket, ChunkId id) {
        for (int word = 0; word < FILTER_WORDS; word++) {
            if ((bucket.getLong(FILTER_AT + word * Long.BYTES) & filterBit(id.b(), word)) == 0) {
                return false;
            }
        }
        return true;
    }

    private static int crc(ByteBuffer bytes, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes.duplicate().position(0).limit(length));
        return (int) crc.getValue();
    }
}
