package sago.sender.cli;

import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import sago.common.cli.Units;
import sago.sender.cli.ProgressFigures.Standstill;

/** What is told of a wait where lines stay: when it begins, once a minute, and when it ends. Confined to one thread. */
final class StandstillLines {
    private static final long REPEAT_NS = TimeUnit.MINUTES.toNanos(1);

    private @Nullable Standstill last;
    private long toldForNs;

    /** The line that is due, or null. */
    @Nullable
    String next(@Nullable Standstill now) {
        Standstill before = last;
        last = now;
        if (now != null && (before == null || !before.what().equals(now.what()) || now.forNs() < before.forNs())) {
            toldForNs = now.forNs();
            return now.text();
        }
        if (now != null && now.forNs() - toldForNs >= REPEAT_NS) {
            toldForNs = now.forNs();
            return now.text();
        }
        return now == null && before != null
                ? before.what() + ": over after " + Units.duration(before.forNs()) + ", going on"
                : null;
    }
}
