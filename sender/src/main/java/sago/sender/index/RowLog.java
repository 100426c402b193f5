package sago.sender.index;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import sago.common.durable.DiskFile;
import sago.common.durable.DurableFiles;
import sago.common.durable.FileAccess;
import sago.common.limits.Limits;

/**
 * The rows that are only in memory otherwise, as a file, so that a process that is killed loses none of them. It is not forced before the end
 * of a run: what a power loss takes from its end is stored once more. Big-endian:
 *
 * <pre>
 *  0  8  "SAGOIDX" 0x02
 *  8  4  version, 1
 * 12  8  number of the log
 * 20  4  CRC32C of bytes 0 to 19
 * 24     zeros up to 48, then rows
 * </pre>
 *
 * Confined to the thread that inserts.
 */
final class RowLog implements Closeable {
    static final long MAGIC = 0x5341474f49445802L;
    static final int VERSION = 1;
    static final int HEADER_BYTES = IndexRow.BYTES;
    private static final int VERSION_AT = 8;
    private static final int NUMBER_AT = 12;
    private static final int CRC_AT = 20;

    /** Twice what is in memory at most: rows that were damaged are still in the file. */
    private static final long BYTES_MAX = HEADER_BYTES + 2L * Limits.INDEX_ROWS_IN_MEMORY_MAX * IndexRow.BYTES;

    private final SteadyFile file;
    private long end;

    private RowLog(SteadyFile file, long end) {
        this.file = file;
        this.end = end;
    }

    /** Begins a log; one of this name that is there already is replaced. */
    static RowLog begin(DurableFiles files, Path path, long number) throws IOException {
        files.delete(path);
        DiskFile created = files.create(path, FileAccess.PRIVATE);
        try {
            created.writeFully(header(number), 0);
        } catch (IOException e) {
            created.close();
            files.delete(path);
            throw e;
        }
        return new RowLog(new SteadyFile(files.disk(), path, created, true), HEADER_BYTES);
    }

    /** Goes on behind the last whole row of a log that was read. */
    static RowLog resume(DurableFiles files, Path path) throws IOException {
        DiskFile opened = files.disk().open(path);
        long rows = (opened.size() - HEADER_BYTES) / IndexRow.BYTES;
        return new RowLog(
                new SteadyFile(files.disk(), path, opened, true), HEADER_BYTES + rows * (long) IndexRow.BYTES);
    }

    /**
     * The bytes behind the header of a log, up to the last whole row; damaged rows are among them.
     *
     * @return null where this is no log of that number or too long for one
     * @throws sago.common.fault.FaultException VERSION where a newer version wrote it
     */
    static @Nullable ByteBuffer read(DurableFiles files, Path path, long number) throws IOException {
        try (DiskFile file = files.disk().openRead(path)) {
            long size = file.size();
            if (size < HEADER_BYTES || size > BYTES_MAX) {
                return null;
            }
            ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES);
            file.readFully(header, 0);
            if (header.getLong(0) != MAGIC || header.getInt(CRC_AT) != crc(header)) {
                return null;
            }
            SegmentFiles.requireVersion(path, header.getInt(VERSION_AT), VERSION);
            if (header.getLong(NUMBER_AT) != number) {
                return null;
            }
            ByteBuffer rows = ByteBuffer.allocate((int) (size - HEADER_BYTES) / IndexRow.BYTES * IndexRow.BYTES);
            file.readFully(rows, HEADER_BYTES);
            return rows.flip();
        }
    }

    private static ByteBuffer header(long number) {
        ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES);
        header.putLong(MAGIC).putInt(VERSION).putLong(number);
        header.putInt(crc(header));
        return header.rewind();
    }

    private static int crc(ByteBuffer header) {
        CRC32C crc = new CRC32C();
        crc.update(header.duplicate().position(0).limit(CRC_AT));
        return (int) crc.getValue();
    }

    Path path() {
        return file.path();
    }

    /** Appends rows, all of them or, as far as anybody reads, none: what a failed call left is overwritten by the next. Borrows the buffer. */
    void append(ByteBuffer rows) throws IOException {
        int bytes = rows.remaining();
        file.writeFully(rows, end);
        end += bytes;
    }

    void force() throws IOException {
        file.force();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
