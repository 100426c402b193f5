package sago.sender.checkpoint;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sago.sender.checkpoint.JournalRecord.Place;
import sago.sender.tree.Entry;

/** Writes the sum of finished files: whole files gathered into blocks, regions each by itself. Confined to one thread. */
final class MergeWriter {
    private static final int ENTRIES_MAX = 256;
    private static final int REFS_MAX = 2048;

    private final QueueFile queue;
    private final List<Entry> files = new ArrayList<>();
    private int refs;
    private long records;
    private long fileCount;
    private long bytes;

    MergeWriter(QueueFile queue) {
        this.queue = queue;
    }

    /**
     * Writes everything, and makes it durable.
     *
     * @param first what {@code merge} gave first
     * @return where it stands
     */
    Sum write(FinishedItem first, Merge merge, long nowMs) throws IOException {
        queue.append(List.of(Records.merged(nowMs)));
        Place start = queue.place();
        for (@Nullable FinishedItem item = first; item != null; item = merge.next()) {
            add(item);
        }
        flush();
        long end = queue.place().position();
        Records.Totals totals = new Records.Totals(fileCount, bytes);
        queue.append(List.of(Records.mergedEnd(totals)));
        queue.force();
        return new Sum(start, end, totals);
    }

    /** A complete sum: its first record, the position behind its last, and what is in it. */
    record Sum(Place start, long end, Records.Totals totals) {}

    private void add(FinishedItem item) throws IOException {
        bytes += item.bytes();
        if (!item.isWhole()) {
            flush();
            queue.append(List.of(Records.region(records++, item)));
            return;
        }
        fileCount++;
        files.add(item.file());
        refs += item.file().content().refs().size();
        if (files.size() >= ENTRIES_MAX || refs >= REFS_MAX) {
            flush();
        }
    }

    private void flush() throws IOException {
        if (!files.isEmpty()) {
            queue.append(Records.files(records++, files));
            files.clear();
            refs = 0;
        }
    }
}
