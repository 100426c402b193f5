package sago.common.trust;

import java.nio.ByteBuffer;

/** Tables of rows that begin with a pack id. */
final class Rows {
    private Rows() {}

    /** IllegalArgumentException unless the ids ascend, as unsigned numbers, without repetition. */
    static void requireAscending(ByteBuffer rows, int rowBytes, String what) {
        for (int at = rowBytes; at < rows.limit(); at += rowBytes) {
            int order = Long.compareUnsigned(rows.getLong(at - rowBytes), rows.getLong(at));
            if (order == 0) {
                order = Long.compareUnsigned(rows.getLong(at - rowBytes + Long.BYTES), rows.getLong(at + Long.BYTES));
            }
            Terms.require(order < 0, what + " are not in ascending order");
        }
    }
}
