package sago.sender.index;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes one segment of neighbouring ones; of rows with one key the newest stays. Reads and writes each row once, front to back, in memory of a
 * few buffers. Stateless.
 */
final class SegmentMerge {
    /**
     * How much smaller than its elder neighbour everything newer together must stay. With 2 a row is written five to six times on the way
     * to 100 million, and at most nine segments are asked.
     */
    private static final int GROWTH = 2;

    private static final int ROWS_BETWEEN_CHECKS = 4096;

    private SegmentMerge() {}

    /** How many of the newest of these segments, newest first, are to become one; below 2 none. */
    static int due(List<Segment> newestFirst) {
        if (newestFirst.isEmpty()) {
            return 0;
        }
        int count = 1;
        long newer = newestFirst.get(0).layout().rows();
        while (count < newestFirst.size() && newestFirst.get(count).layout().rows() < GROWTH * newer) {
            newer += newestFirst.get(count).layout().rows();
            count++;
        }
        return count;
    }

    /**
     * Merges them, newest first, into a durable file beside them.
     *
     * @return null if it was stopped before the end, which leaves nothing
     */
    static @Nullable Path merge(SegmentFiles folder, List<Segment> newestFirst, BooleanSupplier stopped)
            throws IOException {
        long rowsMax = 0;
        for (Segment segment : newestFirst) {
            rowsMax += segment.layout().rows();
        }
        LogRange logs = new LogRange(
                newestFirst.get(newestFirst.size() - 1).layout().logs().first(),
                newestFirst.get(0).layout().logs().last());
        Path path = folder.segment(logs);
        try (SegmentWriter writer = new SegmentWriter(folder.files(), path, SegmentLayout.ofRows(rowsMax, logs))) {
            if (!copy(newestFirst, writer, stopped)) {
                return null;
            }
            writer.publish();
            return path;
        }
    }

    private static boolean copy(List<Segment> newestFirst, SegmentWriter writer, BooleanSupplier stopped)
            throws IOException {
        List<Segment.Rows> inputs = new ArrayList<>();
        for (Segment segment : newestFirst) {
            Segment.Rows rows = new Segment.Rows(segment);
            if (rows.next()) {
                inputs.add(rows);
            }
        }
        for (long written = 0; !inputs.isEmpty(); written++) {
            if (written % ROWS_BETWEEN_CHECKS == 0 && stopped.getAsBoolean()) {
                return false;
            }
            Segment.Rows least = inputs.get(0);
            for (int i = 1; i < inputs.size(); i++) {
                if (compare(inputs.get(i), least) < 0) {
                    least = inputs.get(i);
                }
            }
            writer.add(least.row(), least.row().position());
            passBy(least, inputs);
        }
        return true;
    }

    /** Goes on behind the row that was taken, in every input that has its key. */
    private static void passBy(Segment.Rows taken, List<Segment.Rows> inputs) throws IOException {
        for (int i = inputs.size() - 1; i >= 0; i--) {
            Segment.Rows input = inputs.get(i);
            if (input != taken && compare(input, taken) == 0 && !input.next()) {
                inputs.remove(i);
            }
        }
        if (!taken.next()) {
            inputs.remove(taken);
        }
    }

    private static int compare(Segment.Rows left, Segment.Rows right) {
        return IndexRow.compareKeys(
                left.row(), left.row().position(), right.row(), right.row().position());
    }
}
