package sago.receiver.accept;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongConsumer;
import sago.common.limits.Limits;
import sago.common.protocol.SliceFrame;

/**
 * The memory for slices that were received and are not in their file yet, as a budget that all connections share. Whatever was granted and
 * is not settled counts, so that the sum of what every client may send at once never exceeds the budget.
 *
 * <p>A line begins with a small window and doubles it each time it has used it up, to its share of the budget: idle connections
 * hold little. While the site is short of disk nothing is granted. Thread-safe; listeners are called without the lock.
 */
final class CreditPool {
    /** Window of a new line: one largest frame. */
    static final long WINDOW_BYTES_MIN = SliceFrame.bodyBytes(Limits.SEGMENT_BYTES_MAX);

    /** Largest window: 16 MiB carry 640 Mbit/s at 200 ms over one connection. */
    static final long WINDOW_BYTES_MAX = 16 << 20;

    /** Credit is sent when at least this part of the window is free: fewer frames. */
    private static final int GRANT_PART = 4;

    /** Only lines with the smallest window may have the last part of the budget: newcomers get in while others are idle. */
    private static final int NEWCOMERS_PART = 4;

    private final long budgetBytes;
    private final Set<Line> lines = new LinkedHashSet<>();
    private long outstandingBytes;
    private boolean paused;

    CreditPool(long budgetBytes) {
        if (budgetBytes < WINDOW_BYTES_MIN) {
            throw new IllegalArgumentException("credit budget below one frame: " + budgetBytes);
        }
        this.budgetBytes = budgetBytes;
    }

    /**
     * A line for one connection, which has no credit before {@link Line#start}.
     *
     * @param listener is told each new cumulative total
     */
    Line join(LongConsumer listener) {
        return new Line(listener);
    }

    /** Grants nothing until {@link #resume}. */
    synchronized void pause() {
        paused = true;
    }

    void resume() {
        List<Runnable> told;
        synchronized (this) {
            paused = false;
            told = grant();
        }
        told.forEach(Runnable::run);
    }

    /** Bytes granted and not settled. */
    synchronized long outstandingBytes() {
        return outstandingBytes;
    }

    private long windowCap() {
        return Math.max(WINDOW_BYTES_MIN, Math.min(WINDOW_BYTES_MAX, budgetBytes / Math.max(1, lines.size())));
    }

    /** Gives what can be given, those first that were served longest ago. Under the lock; the result is run without it. */
    private List<Runnable> grant() {
        List<Runnable> told = new ArrayList<>();
        if (paused) {
            return told;
        }
        long cap = windowCap();
        List<Line> served = new ArrayList<>();
        for (Iterator<Line> all = lines.iterator(); all.hasNext() && outstandingBytes < budgetBytes; ) {
            Line line = all.next();
            line.window = Math.min(line.window, cap);
            long want = line.window - (line.granted - line.settled);
            if (want < line.window / GRANT_PART) {
                continue;
            }
            boolean newcomer = line.window == WINDOW_BYTES_MIN;
            long bound = newcomer ? budgetBytes : budgetBytes - budgetBytes / NEWCOMERS_PART;
            long give = Math.min(want, bound - outstandingBytes);
            if (give <= 0) {
                continue;
            }
            line.granted += give;
            outstandingBytes += give;
            long total = line.granted;
            told.add(() -> line.listener.accept(total));
            served.add(line);
            all.remove();
        }
        lines.addAll(served);
        return told;
    }

    /** The credit of one connection. */
    final class Line {
        private final LongConsumer listener;
        private long window = WINDOW_BYTES_MIN;
        private long granted;
        private long received;
        private long settled;
        private long settledSinceGrowth;
        private boolean closed;

        private Line(LongConsumer listener) {
            this.listener = listener;
        }

        /** From now on the line is granted credit; the first credit may come at once. */
        void start() {
            List<Runnable> told;
            synchronized (CreditPool.this) {
                if (closed) {
                    return;
                }
                lines.add(this);
                told = grant();
            }
            told.forEach(Runnable::run);
        }

        /** Counts a body that arrived; false if it was not covered by credit. */
        boolean receive(int bodyBytes) {
            synchronized (CreditPool.this) {
                if (received + bodyBytes > granted) {
                    return false;
                }
                received += bodyBytes;
                return true;
            }
        }

        /** A body that was counted holds no memory any more. */
        void settle(int bodyBytes) {
            List<Runnable> told;
            synchronized (CreditPool.this) {
                settled += bodyBytes;
                outstandingBytes -= bodyBytes;
                settledSinceGrowth += bodyBytes;
                if (settledSinceGrowth >= window) {
                    window = Math.min(2 * window, windowCap());
                    settledSinceGrowth = 0;
                }
                told = grant();
            }
            told.forEach(Runnable::run);
        }

        /** The connection is gone: what it may not send any more is free; what it sent is settled as it is written. */
        void close() {
            List<Runnable> told;
            synchronized (CreditPool.this) {
                if (closed) {
                    return;
                }
                closed = true;
                lines.remove(this);
                outstandingBytes -= granted - received;
                granted = received;
                told = grant();
            }
            told.forEach(Runnable::run);
        }
    }
}
