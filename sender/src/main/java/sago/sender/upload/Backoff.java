package sago.sender.upload;

import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/** How long to wait before connecting again: 200 ms, doubling up to 10 s, with jitter. Confined to one thread. */
final class Backoff {
    static final long FIRST_NS = TimeUnit.MILLISECONDS.toNanos(200);
    static final long MAX_NS = TimeUnit.SECONDS.toNanos(10);

    private final RandomGenerator jitter;
    private long nextNs = FIRST_NS;

    Backoff(RandomGenerator jitter) {
        this.jitter = jitter;
    }

    /** The next wait: between half of the step and the whole, so that many senders do not come back at once. */
    long nextNs() {
        long stepNs = nextNs;
        nextNs = Math.min(MAX_NS, 2 * stepNs);
        return stepNs / 2 + jitter.nextLong(stepNs / 2 + 1);
    }

    /** The peer made progress: the next wait is a short one. */
    void reset() {
        nextNs = FIRST_NS;
    }
}
