package sago.sender.checkpoint;

import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.limits.Limits;
import sago.sender.checkpoint.JournalRecord.Place;

/**
 * What one scan finished, put in order: workers finish items of the walk out of order, but only within a window. Files that had not settled when the
 * scan started are left out. Memory: places of a window, and the items of one group.
 */
final class RunCursor implements FinishedCursor {
    /** Records of one item, which stand together. */
    private record Group(long item, Place first, int records) {}

    private final long end;
    private final long scanStartMs;
    private final RecordReader ahead;
    private final RecordReader reader;
    private final PriorityQueue<Group> window =
            new PriorityQueue<>(Comparator.comparingLong(Group::item).thenComparing(group -> group.first.position()));
    private final Deque<FinishedItem> items = new ArrayDeque<>();
    private @Nullable Group open;
    private boolean atEnd;
    private @Nullable FinishedItem last;

    RunCursor(Stretch stretch) {
        Records.Run run = stretch.run();
        if (run == null) {
            throw new IllegalArgumentException("a sum is no run");
        }
        this.scanStartMs = run.scanStartMs();
        this.end = stretch.end();
        this.ahead = new RecordReader(stretch.file(), stretch.start());
        this.reader = new RecordReader(stretch.file(), stretch.start());
    }

    @Override
    public @Nullable FinishedItem peek() throws FaultException {
        while (items.isEmpty()) {
            fillWindow();
            Group group = window.poll();
            if (group == null) {
                return null;
            }
            open(group);
        }
        return items.peek();
    }

    @Override
    public void advance() {
        items.remove();
    }

    private void fillWindow() throws FaultException {
        while (!atEnd && window.size() < Limits.CHECKPOINT_REORDER_ITEMS) {
            JournalRecord record = ahead.place().position() < end ? ahead.next() : null;
            if (record == null) {
                closeGroup();
                atEnd = true;
            } else if (record.type() == RecordType.FILES || record.type() == RecordType.REGION) {
                add(Records.item(record), record.place());
            }
        }
    }

    private void add(long item, Place place) {
        Group group = open;
        if (group != null && group.item == item) {
            open = new Group(item, group.first, group.records + 1);
        } else {
            closeGroup();
            open = new Group(item, place, 1);
        }
    }

    private void closeGroup() {
        if (open != null) {
            window.add(open);
            open = null;
        }
    }

    private void open(Group group) throws FaultException {
        reader.moveTo(group.first);
        for (int i = 0; i < group.records; ) {
            JournalRecord record = reader.next();
            if (record == null) {
                throw new FaultException(Fault.INTEGRITY, "the checkpoint cannot be read twice: its disk fails");
            }
            if (record.type() != RecordType.FILES && record.type() != RecordType.REGION) {
                continue;
            }
            i++;
            for (FinishedItem item : Records.finished(record)) {
                if (last != null && last.compareTo(item) >= 0) {
                    throw new FaultException(
                            Fault.INTEGRITY, "the checkpoint has " + item.file() + " after " + last.file());
                }
                last = item;
                if (item.file().isSettled(scanStartMs)) {
                    items.add(item);
                }
            }
        }
    }
}
