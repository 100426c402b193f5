package sago.sender.restore;

import java.util.concurrent.atomic.LongAdder;
import sago.sender.tree.EntryKey;

/** Counts, and passes on to the listener what it counts. Thread-safe. */
final class RestoreCounters {
    final LongAdder files = new LongAdder();
    final LongAdder unchanged = new LongAdder();
    final LongAdder folders = new LongAdder();
    final LongAdder links = new LongAdder();
    final LongAdder bytes = new LongAdder();
    private final LongAdder skipped = new LongAdder();
    private final LongAdder warnings = new LongAdder();
    private final LongAdder damaged = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final RestoreListener listener;

    RestoreCounters(RestoreListener listener) {
        this.listener = listener;
    }

    void skip(EntryKey key, String reason) {
        skipped.increment();
        warn(key, reason);
    }

    void warn(EntryKey key, String reason) {
        warnings.increment();
        listener.warning(key, reason);
    }

    void damage(EntryKey key, String reason) {
        damaged.increment();
        listener.failed(key, reason);
    }

    void fail(EntryKey key, String reason) {
        failed.increment();
        listener.failed(key, reason);
    }

    RestoreSummary summary() {
        return new RestoreSummary(
                files.sum(),
                unchanged.sum(),
                folders.sum(),
                links.sum(),
                bytes.sum(),
                skipped.sum(),
                warnings.sum(),
                damaged.sum(),
                failed.sum());
    }
}
