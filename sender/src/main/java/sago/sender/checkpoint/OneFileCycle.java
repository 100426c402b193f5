package sago.sender.checkpoint;

import net.openhft.chronicle.core.time.TimeProvider;
import net.openhft.chronicle.queue.RollCycle;

/** A queue that never rolls: one run writes one file. A new file is a new queue, which owes nothing to what a crash left in the last. */
enum OneFileCycle implements RollCycle {
    INSTANCE;

    /** Name of the file: the format below at time 0. */
    static final String FILE = "19700101.cq4";

    private static final int MS_PER_DAY = 86_400_000;
    private static final int SEQUENCE_BITS = 40;

    /** Pages of the index stay small; 1024 of 1024 of 256 records are more than anybody has files. */
    private static final int INDEX_COUNT = 1024;

    private static final int INDEX_SPACING = 256;

    @Override
    public String format() {
        return "yyyyMMdd";
    }

    @Override
    public int lengthInMillis() {
        return MS_PER_DAY;
    }

    @Override
    public int defaultIndexCount() {
        return INDEX_COUNT;
    }

    @Override
    public int defaultIndexSpacing() {
        return INDEX_SPACING;
    }

    @Override
    public int current(TimeProvider time, long epoch) {
        return 0;
    }

    @Override
    public long toIndex(int cycle, long sequenceNumber) {
        return ((long) cycle << SEQUENCE_BITS) + sequenceNumber;
    }

    @Override
    public long toSequenceNumber(long index) {
        return index & ((1L << SEQUENCE_BITS) - 1);
    }

    @Override
    public int toCycle(long index) {
        return (int) (index >>> SEQUENCE_BITS);
    }

    @Override
    public long maxMessagesPerCycle() {
        return (long) INDEX_COUNT * INDEX_COUNT * INDEX_SPACING;
    }
}
