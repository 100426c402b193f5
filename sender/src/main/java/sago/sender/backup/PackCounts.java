package sago.sender.backup;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import sago.common.id.PackId;

/**
 * Bytes by pack: a table of longs with open addressing, because every entry of a tree is counted and packs follow each other in no order. Rows
 * of three: id, id, bytes; a row without bytes is free. Confined to one thread.
 */
final class PackCounts {
    private static final int ROW = 3;
    private static final int ROWS_MIN = 1 << 10;

    private long[] table = new long[ROWS_MIN * ROW];
    private int size;

    /** Adds bytes, more than none. */
    void add(PackId pack, long bytes) {
        int row = row(table, pack.high(), pack.low());
        if (table[row + 2] == 0) {
            size++;
        }
        table[row] = pack.high();
        table[row + 1] = pack.low();
        table[row + 2] += bytes;
        if (size * 2 * ROW > table.length) {
            grow();
        }
    }

    int size() {
        return size;
    }

    Map<PackId, Long> toMap() {
        Map<PackId, Long> counts = new HashMap<>();
        for (int row = 0; row < table.length; row += ROW) {
            if (table[row + 2] != 0) {
                counts.put(new PackId(table[row], table[row + 1]), table[row + 2]);
            }
        }
        return counts;
    }

    void clear() {
        Arrays.fill(table, 0);
        size = 0;
    }

    private void grow() {
        long[] larger = new long[table.length * 2];
        for (int from = 0; from < table.length; from += ROW) {
            if (table[from + 2] != 0) {
                System.arraycopy(table, from, larger, row(larger, table[from], table[from + 1]), ROW);
            }
        }
        table = larger;
    }

    /** The row of a pack, or the free one that becomes it. Ids are random, so their own bits are a hash. */
    private static int row(long[] table, long high, long low) {
        int rows = table.length / ROW;
        int at = (int) (high ^ low) & rows - 1;
        while (table[at * ROW + 2] != 0 && (table[at * ROW] != high || table[at * ROW + 1] != low)) {
            at = at + 1 & rows - 1;
        }
        return at * ROW;
    }
}
