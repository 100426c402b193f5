package sago.sender.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ClosedChannelException;
import org.jspecify.annotations.Nullable;
import sago.common.durable.DiskFile;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.sender.checkpoint.JournalRecord.Place;

/**
 * Reads the records of a queue file one after the other, up to the first that is not whole. It reads the bytes of the file instead of asking a
 * tailer: a tailer maps the file, and what a crash or a bad disk left there may send it anywhere, or end the process where a mapped page
 * is missing. Of the queue's format it needs only this: each message begins at a multiple of 4 with a word, little-endian, of its
 * length (30 bits), a bit for messages of the queue itself, and a bit for those that are not complete. Confined to one thread.
 */
final class RecordReader {
    static final int WORD_BYTES = 4;
    private static final int LENGTH_MASK = 0x3fffffff;
    private static final int QUEUE_OWN = 0x40000000;
    private static final int NOT_COMPLETE = 0x80000000;
    private static final int WINDOW_BYTES = 64 << 10;

    private final DiskFile file;
    private long position;
    private int number;
    private boolean damaged;
    private ByteBuffer window = ByteBuffer.allocate(0);
    private long windowStart;

    RecordReader(DiskFile file, Place from) {
        this.file = file;
        this.position = from.position();
        this.number = from.number();
    }

    /**
     * The next record, or null at the end, which stays the end.
     *
     * @throws FaultException INTERRUPTED, which says nothing of the file
     */
    @Nullable
    JournalRecord next() throws FaultException {
        try {
            return damaged ? null : read();
        } catch (ClosedChannelException e) {
            throw new FaultException(Fault.INTERRUPTED, "reading the checkpoint was interrupted", e);
        } catch (IOException e) {
            damaged = true;
            return null;
        }
    }

    private @Nullable JournalRecord read() throws IOException {
        while (true) {
            int word =
                    bytes(position, WORD_BYTES).order(ByteOrder.LITTLE_ENDIAN).getInt();
            if (word == 0) {
                return null;
            }
            int length = word & LENGTH_MASK;
            if ((word & NOT_COMPLETE) != 0) {
                return null; // being written when the process ended
            }
            if ((word & QUEUE_OWN) != 0) {
                position = behind(length);
                continue;
            }
            return record(length);
        }
    }

    private @Nullable JournalRecord record(int length) throws IOException {
        damaged = true;
        if (!RecordLayout.mayBe(length)) {
            return null;
        }
        ByteBuffer record = bytes(position + WORD_BYTES, length);
        RecordType type = RecordType.ofWireId(record.get());
        int version = record.get();
        int zeros = record.getShort();
        if (type == null
                || version != RecordLayout.VERSION
                || zeros != 0
                || record.getInt() != number
                || record.getInt() != RecordLayout.crc(record)) {
            return null;
        }
        Place place = place();
        damaged = false;
        position = behind(length);
        number++;
        return new JournalRecord(type, place, record);
    }

    /** Goes on elsewhere in the file. */
    void moveTo(Place to) {
        position = to.position();
        number = to.number();
        damaged = false;
    }

    /** Where the next record stands. */
    Place place() {
        return new Place(position, number);
    }

    /** Whether the end was something else than room that was never written. */
    boolean damaged() {
        return damaged;
    }

    private long behind(int length) {
        return aligned(position + WORD_BYTES + length);
    }

    /** Where the next message begins at the earliest. */
    static long aligned(long position) {
        return (position + WORD_BYTES - 1) & -WORD_BYTES;
    }

    /** Bytes of the file, as a buffer of their own; fails where the file ends before. */
    private ByteBuffer bytes(long from, int length) throws IOException {
        long offset = from - windowStart;
        if (offset < 0 || offset + length > window.limit()) {
            ByteBuffer next = ByteBuffer.allocate(Math.max(length, WINDOW_BYTES));
            while (next.position() < length && file.read(next, from + next.position()) >= 0) {}
            if (next.position() < length) {
                throw new IOException("the file ends at " + (from + next.position()));
            }
            window = next.flip();
            windowStart = from;
            offset = 0;
        }
        return window.slice((int) offset, length);
    }
}
