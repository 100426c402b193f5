package sago.sender.index;

import sago.common.limits.Limits;

/**
 * What an index may take.
 *
 * @param rowsInMemory rows that are in no segment yet: 48 bytes each, and a quarter more for finding them
 * @param segmentsMax segments that may wait to be merged before inserts wait
 */
public record IndexBounds(int rowsInMemory, int segmentsMax) {
    public static final IndexBounds DEFAULT =
            new IndexBounds(Limits.INDEX_ROWS_IN_MEMORY_MAX, Limits.INDEX_SEGMENTS_MAX);

    public IndexBounds {
        if (rowsInMemory < 1 || rowsInMemory > Limits.INDEX_ROWS_IN_MEMORY_MAX || segmentsMax < 2) {
            throw new IllegalArgumentException(rowsInMemory + " rows in memory, " + segmentsMax + " segments");
        }
    }
}
