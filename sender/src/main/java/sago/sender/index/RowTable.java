package sago.sender.index;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.jspecify.annotations.Nullable;
import sago.sender.pack.ChunkId;
import sago.sender.pack.ChunkRef;

/**
 * The newest rows, in memory: rows one behind the other, and a hash table of their numbers. A row that is put again is added behind the
 * others, so a row that a reader has found never changes.
 *
 * <p>One thread puts, any thread asks, without locks: a row is complete before its number is published.
 */
final class RowTable {
    private final ByteBuffer rows;
    private final AtomicIntegerArray slots;
    private final int slotMask;
    private int used;

    /** @param capacity rows that may be put, those that are put again counted each time */
    RowTable(int capacity) {
        rows = ByteBuffer.allocate(Math.multiplyExact(capacity, IndexRow.BYTES));
        int slotCount = Integer.highestOneBit(Math.max(capacity, 8)) * 4;
        slots = new AtomicIntegerArray(slotCount);
        slotMask = slotCount - 1;
    }

    /** Rows that may still be put. */
    int room() {
        return rows.capacity() / IndexRow.BYTES - used;
    }

    /** Rows put so far. */
    int used() {
        return used;
    }

    /** Puts a row that is sound. */
    void put(ByteBuffer from, int at) {
        rows.put(used * IndexRow.BYTES, from, at, IndexRow.BYTES);
        publish();
    }

    private void publish() {
        int at = used * IndexRow.BYTES;
        int slot = slot(rows.getLong(at));
        for (int number = slots.getPlain(slot); number != 0; number = slots.getPlain(slot)) {
            if (IndexRow.compareKeys(rows, place(number), rows, at) == 0) {
                break;
            }
            slot = (slot + 1) & slotMask;
        }
        used++;
        slots.setRelease(slot, used);
    }

    @Nullable
    ChunkRef find(ChunkId id) {
        int slot = slot(id.a());
        for (int number = slots.getAcquire(slot); number != 0; number = slots.getAcquire(slot)) {
            if (IndexRow.hasKey(rows, place(number), id)) {
                return IndexRow.read(rows, place(number), id);
            }
            slot = (slot + 1) & slotMask;
        }
        return null;
    }

    /** The bytes of all rows, for reading. */
    ByteBuffer rows() {
        return rows.asReadOnlyBuffer();
    }

    /** Places of the newest row of each key, in the order of keys. */
    List<Integer> sorted() {
        List<Integer> places = new ArrayList<>(used);
        for (int slot = 0; slot < slots.length(); slot++) {
            int number = slots.getPlain(slot);
            if (number != 0) {
                places.add(place(number));
            }
        }
        places.sort((left, right) -> IndexRow.compareKeys(rows, left, rows, right));
        return places;
    }

    private static int place(int number) {
        return (number - 1) * IndexRow.BYTES;
    }

    /** The low bits: the high ones choose the bucket of a segment, so a table of one bucket's rows is spread too. */
    private int slot(long high) {
        return (int) high & slotMask;
    }
}
