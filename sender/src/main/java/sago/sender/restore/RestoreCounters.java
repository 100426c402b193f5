package sago.sender.restore;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import sago.sender.tree.EntryKey;

/** Counts, and passes on to the listener what it counts. Thread-safe. */
final class RestoreCounters {
    final LongAdder folders = new LongAdder();
    final LongAdder links = new LongAdder();
    final LongAdder nodes = new LongAdder();
    final LongAdder hardLinks = new LongAdder();

    /** Of files, found equal or written. */
    final LongAdder bytes = new LongAdder();

    final LongAdder written = new LongAdder();
    private final Map<RestoreAction, AtomicLong> actions = new EnumMap<>(RestoreAction.class);
    private final Map<Shortfall, AtomicLong> shortfalls = new EnumMap<>(Shortfall.class);
    private final LongAdder warnings = new LongAdder();
    private final LongAdder damaged = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final RestoreListener listener;

    RestoreCounters(RestoreListener listener) {
        this.listener = listener;
        for (RestoreAction action : RestoreAction.values()) {
            actions.put(action, new AtomicLong());
        }
        for (Shortfall shortfall : Shortfall.values()) {
            shortfalls.put(shortfall, new AtomicLong());
        }
    }

    private static <K> long next(Map<K, AtomicLong> counts, K key) {
        return Objects.requireNonNull(counts.get(key)).getAndIncrement();
    }

    /** A file, or anything that was deleted or kept. */
    void count(RestoreAction action, EntryKey key) {
        next(actions, action);
        tell(action, key);
    }

    /** Anything that has a count of its own. */
    void tell(RestoreAction action, EntryKey key) {
        listener.action(action, key);
    }

    /** The first of a kind is told with its reason, of the others only how many there are. */
    void fallShort(Shortfall shortfall, EntryKey key, String reason) {
        if (next(shortfalls, shortfall) == 0) {
            listener.warning(key, reason);
        }
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
        Map<RestoreAction, Long> byAction = new EnumMap<>(RestoreAction.class);
        actions.forEach((action, count) -> byAction.put(action, count.get()));
        Map<Shortfall, Long> byShortfall = new EnumMap<>(Shortfall.class);
        shortfalls.forEach((shortfall, count) -> {
            if (count.get() > 0) {
                byShortfall.put(shortfall, count.get());
            }
        });
        return new RestoreSummary(
                byAction,
                new RestoreSummary.Others(folders.sum(), links.sum(), nodes.sum(), hardLinks.sum()),
                bytes.sum(),
                written.sum(),
                new RestoreSummary.Trouble(byShortfall, warnings.sum(), damaged.sum(), failed.sum()));
    }
}
