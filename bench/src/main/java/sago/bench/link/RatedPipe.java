package sago.bench.link;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import sago.common.time.Clock;

/**
 * Copies one direction of a connection at no more than a rate, with a small buffer, so that the receiver's slowness reaches the sender as
 * it would on a wire. Confined to its thread.
 */
final class RatedPipe implements Runnable {
    private static final int BUFFER_BYTES = 64 << 10;

    private final InputStream from;
    private final OutputStream to;
    private final long bytesPerS;
    private final LongAdder copied;
    private final Clock clock;

    /** @param copied counts what went through, of all pipes of this direction */
    RatedPipe(InputStream from, OutputStream to, long bytesPerS, LongAdder copied, Clock clock) {
        this.from = from;
        this.to = to;
        this.bytesPerS = bytesPerS;
        this.copied = copied;
        this.clock = clock;
    }

    @Override
    public void run() {
        byte[] buffer = new byte[BUFFER_BYTES];
        long freeAtNs = clock.monotonicNs();
        try (from;
                to) {
            for (int n = from.read(buffer); n >= 0; n = from.read(buffer)) {
                long now = clock.monotonicNs();
                freeAtNs = Math.max(freeAtNs, now) + (long) (n * 1e9 / bytesPerS);
                to.write(buffer, 0, n);
                copied.add(n);
                for (long wait = freeAtNs - clock.monotonicNs(); wait > 0; wait = freeAtNs - clock.monotonicNs()) {
                    LockSupport.parkNanos(wait);
                }
            }
        } catch (IOException end) {
            // Either end closed the connection; closing both streams tells the other.
        }
    }
}
