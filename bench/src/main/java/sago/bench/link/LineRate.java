package sago.bench.link;

import sago.common.time.Clock;

/** One direction of a line: what is sent occupies it one after the other. Thread-safe. */
final class LineRate {
    private final long bytesPerS;
    private final Clock clock;
    private long freeAtNs;

    LineRate(long bytesPerS, Clock clock) {
        this.bytesPerS = bytesPerS;
        this.clock = clock;
        this.freeAtNs = clock.monotonicNs();
    }

    /** So many bytes go out as soon as the line is free; answers when their last bit has left. */
    synchronized long send(int bytes) {
        freeAtNs = Math.max(freeAtNs, clock.monotonicNs()) + (long) (bytes * 1e9 / bytesPerS);
        return freeAtNs;
    }
}
