package sago.sender.upload;

import java.util.concurrent.TimeUnit;
import sago.common.protocol.SliceFrame;
import sago.common.time.Clock;

/**
 * Holds slices back so that all connections together keep to a rate: a token bucket that goes into debt by one slice, since slices are sent
 * whole. The rate may change at any time. Confined to the lock of its {@link Transmitter}.
 */
final class Throttle {
    /** What may be caught up after a pause: a moment, so that a limit holds over every second. */
    private static final long BURST_NS = TimeUnit.MILLISECONDS.toNanos(100);

    /** Asked again no later, so that a changed rate is seen soon. */
    private static final long PAUSE_NS_MAX = TimeUnit.MILLISECONDS.toNanos(250);

    /** TLS 1.3 adds to each record of at most 16 KiB a header, a type and a tag. */
    private static final int TLS_RECORD_BYTES = 16 << 10;

    private static final int TLS_OVERHEAD_BYTES = 5 + 1 + 16;
    private static final double NS_PER_S = TimeUnit.SECONDS.toNanos(1);

    private final Clock clock;
    private final RateSource rate;
    private double owedBytes;
    private long seenNs;

    Throttle(Clock clock, RateSource rate) {
        this.clock = clock;
        this.rate = rate;
        this.seenNs = clock.monotonicNs();
    }

    /** How long the next slice has to wait at least; 0: it may go now. */
    long pauseNs() {
        long perSecond = rate.bytesPerSecond();
        long now = clock.monotonicNs();
        if (perSecond == RateLimit.UNLIMITED) {
            owedBytes = 0;
        } else {
            double bytesPerNs = perSecond / NS_PER_S;
            owedBytes = Math.max(owedBytes - (now - seenNs) * bytesPerNs, -BURST_NS * bytesPerNs);
        }
        seenNs = now;
        if (owedBytes <= 0) {
            return 0;
        }
        return Math.max(1, Math.min(PAUSE_NS_MAX, (long) Math.ceil(owedBytes / perSecond * NS_PER_S)));
    }

    /** A slice of so many bytes goes out. */
    void sent(int sliceBytes) {
        int frame = SliceFrame.frameBytes(sliceBytes);
        int records = (frame + TLS_RECORD_BYTES - 1) / TLS_RECORD_BYTES;
        owedBytes += frame + records * TLS_OVERHEAD_BYTES;
    }
}
