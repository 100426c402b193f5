package sago.sender.index;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;

/** Finds out what the files of an index come to, and deletes those that a crash left behind. Stateless. */
final class SegmentRecovery {
    /** Of segments that end alike the one that holds the other comes first. */
    private static final Comparator<Segment> NEWEST_FIRST = Comparator.comparingLong(
                    (Segment segment) -> -segment.layout().logs().last())
            .thenComparingLong(segment -> segment.layout().logs().first());

    private SegmentRecovery() {}

    /**
     * What an index begins with.
     *
     * @param newestFirst its segments
     * @param table rows of the log
     * @param log where it goes on; null where there is none yet
     * @param logNumber of that log, or of the next
     */
    record Found(
            List<Segment> newestFirst,
            RowTable table,
            @Nullable RowLog log,
            long logNumber) {
        Found {
            newestFirst = List.copyOf(newestFirst);
        }
    }

    static Found recover(SegmentFiles folder, IndexBounds bounds) throws IOException {
        List<Segment> segments = current(folder);
        try {
            return withLogs(folder, bounds, segments);
        } catch (IOException e) {
            for (Segment segment : segments) {
                segment.close();
            }
            throw e;
        }
    }

    /** Segments that no other one holds, newest first: a merged one is complete, so what went into it may go. */
    private static List<Segment> current(SegmentFiles folder) throws IOException {
        List<Segment> current = new ArrayList<>();
        List<Segment> all = folder.openSegments();
        all.sort(NEWEST_FIRST);
        for (Segment segment : all) {
            LogRange logs = segment.layout().logs();
            if (current.stream().anyMatch(newer -> newer.layout().logs().holds(logs))) {
                segment.close();
                folder.files().delete(segment.file().path());
            } else {
                current.add(segment);
            }
        }
        return current;
    }

    /** The last log stays in memory; where a power loss kept one before it too, that becomes a segment. */
    private static Found withLogs(SegmentFiles folder, IndexBounds bounds, List<Segment> segments) throws IOException {
        RowTable table = new RowTable(bounds.rowsInMemory());
        RowLog log = null;
        long next = folder.nextLog();
        for (long number : folder.logs()) {
            if (segments.stream().anyMatch(segment -> segment.layout().logs().holds(number))) {
                folder.files().delete(folder.log(number));
                continue;
            }
            ByteBuffer rows = RowLog.read(folder.files(), folder.log(number), number);
            if (rows == null) {
                folder.setAside(folder.log(number));
                continue;
            }
            RowTable read = table(rows, bounds);
            if (number == next - 1) {
                table = read;
                log = RowLog.resume(folder.files(), folder.log(number));
                next = number;
            } else {
                segments.add(flush(folder, read, number));
                folder.files().delete(folder.log(number));
            }
        }
        segments.sort(NEWEST_FIRST);
        return new Found(segments, table, log, next);
    }

    private static RowTable table(ByteBuffer rows, IndexBounds bounds) {
        RowTable table = new RowTable(Math.max(bounds.rowsInMemory(), rows.limit() / IndexRow.BYTES));
        for (int at = 0; at < rows.limit(); at += IndexRow.BYTES) {
            if (IndexRow.isSound(rows, at)) {
                table.put(rows, at);
            }
        }
        return table;
    }

    /** Makes a durable segment of a table. */
    static Segment flush(SegmentFiles folder, RowTable table, long log) throws IOException {
        List<Integer> places = table.sorted();
        LogRange logs = LogRange.of(log);
        ByteBuffer rows = table.rows();
        try (SegmentWriter writer =
                new SegmentWriter(folder.files(), folder.segment(logs), SegmentLayout.ofRows(places.size(), logs))) {
            for (int place : places) {
                writer.add(rows, place);
            }
            writer.publish();
        }
        Segment segment = folder.open(folder.segment(logs));
        if (segment == null) {
            throw new FaultException(
                    Fault.DISK,
                    folder.segment(logs) + " reads otherwise than it was written: check the disk, then start again");
        }
        return segment;
    }
}
