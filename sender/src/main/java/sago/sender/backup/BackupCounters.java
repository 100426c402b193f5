package sago.sender.backup;

import java.util.concurrent.atomic.LongAdder;
import sago.sender.compress.Codec;

/** What was done so far. Thread-safe: many add, any thread reads. */
final class BackupCounters {
    final LongAdder filesSeen = new LongAdder();
    final LongAdder bytesSeen = new LongAdder();
    /** Not in the last snapshot. */
    final LongAdder filesNew = new LongAdder();

    final LongAdder bytesNew = new LongAdder();

    /** In the last snapshot, with another stat. */
    final LongAdder filesModified = new LongAdder();

    final LongAdder bytesModified = new LongAdder();
    final LongAdder filesUnchanged = new LongAdder();
    final LongAdder bytesUnchanged = new LongAdder();

    /** Passed without being opened, because a run before had finished them. */
    final LongAdder filesFinished = new LongAdder();

    final LongAdder bytesFinished = new LongAdder();

    /** Files on record for the next run, should this one be cut off. */
    final LongAdder filesRecorded = new LongAdder();

    /** Nobody has to read what holes are. */
    final LongAdder bytesHoles = new LongAdder();

    final LongAdder filesOpened = new LongAdder();
    final LongAdder filesRead = new LongAdder();
    final LongAdder bytesRead = new LongAdder();
    final LongAdder unreadable = new LongAdder();
    final LongAdder vanished = new LongAdder();

    /** Written while they were read. */
    final LongAdder changed = new LongAdder();

    final LongAdder chunks = new LongAdder();
    final LongAdder newChunks = new LongAdder();
    final LongAdder newBytes = new LongAdder();
    private final LongAdder storedRaw = new LongAdder();
    private final LongAdder storedLz4 = new LongAdder();
    private final LongAdder storedZstd = new LongAdder();

    /** Time of all workers in reading, in everything else, and waiting for something to do. */
    final LongAdder readNs = new LongAdder();

    final LongAdder workNs = new LongAdder();
    final LongAdder idleNs = new LongAdder();

    /** Bytes of new chunks after compression with this codec. */
    LongAdder stored(Codec codec) {
        return switch (codec) {
            case RAW -> storedRaw;
            case LZ4 -> storedLz4;
            case ZSTD -> storedZstd;
        };
    }

    BackupProgress.Stored stored() {
        return new BackupProgress.Stored(storedRaw.sum(), storedLz4.sum(), storedZstd.sum());
    }

    /** Entries that are not in the snapshot as they should be: any makes the command end with SOURCE_UNREADABLE. */
    long troubles() {
        return unreadable.sum() + vanished.sum() + changed.sum();
    }

    BackupOutcome outcome() {
        return new BackupOutcome(
                new BackupOutcome.Files(filesNew.sum(), bytesNew.sum()),
                new BackupOutcome.Files(filesModified.sum(), bytesModified.sum()),
                new BackupOutcome.Files(filesUnchanged.sum(), bytesUnchanged.sum()),
                unreadable.sum(),
                changed.sum(),
                vanished.sum());
    }
}
