package sago.sender.backup;

import java.util.concurrent.atomic.LongAdder;

/** What was done so far. Thread-safe: many add, any thread reads. */
final class BackupCounters {
    final LongAdder filesSeen = new LongAdder();
    final LongAdder bytesSeen = new LongAdder();
    final LongAdder filesUnchanged = new LongAdder();
    final LongAdder bytesUnchanged = new LongAdder();

    /** Passed without being opened, because a run before had finished them. */
    final LongAdder filesFinished = new LongAdder();

    final LongAdder bytesFinished = new LongAdder();

    /** Files on record for the next run, should this one be cut off. */
    final LongAdder filesRecorded = new LongAdder();

    final LongAdder filesOpened = new LongAdder();
    final LongAdder filesRead = new LongAdder();
    final LongAdder bytesRead = new LongAdder();
    final LongAdder unreadable = new LongAdder();
    final LongAdder vanished = new LongAdder();
    final LongAdder chunks = new LongAdder();
    final LongAdder newChunks = new LongAdder();
    final LongAdder newBytes = new LongAdder();
    final LongAdder storedBytes = new LongAdder();

    /** Time of all workers in reading, in everything else, and waiting for something to do. */
    final LongAdder readNs = new LongAdder();

    final LongAdder workNs = new LongAdder();
    final LongAdder idleNs = new LongAdder();
}
