package sago.receiver.journal;

import java.nio.file.Path;
import sago.common.durable.Disk;
import sago.common.limits.Limits;

/**
 * Where a journal lies.
 *
 * @param folder exists, and holds nothing else
 * @param segmentBytesMax size after which a new file is begun
 */
public record JournalSettings(Disk disk, Path folder, long segmentBytesMax) {
    public JournalSettings(Disk disk, Path folder) {
        this(disk, folder, Limits.JOURNAL_SEGMENT_BYTES);
    }
}
