package sago.sender.upload;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ThrottleTest {
    private static final int SLICE = 256 << 10;
    private static final long MIB = 1 << 20;

    private final SimulatedTime time = new SimulatedTime();
    private final AtomicLong rate = new AtomicLong(RateLimit.UNLIMITED);
    private final Throttle throttle = new Throttle(time, rate::get);

    @Test
    void keepsToTheRateOverAMinute() {
        rate.set(5 * MIB);
        assertThat(sentDuring(60)).isBetween((long) (60 * 4.9 * MIB), (long) (60 * 5.05 * MIB));
    }

    @Test
    void keepsToARateThatIsLessThanASliceASecond() {
        rate.set(100 << 10);
        assertThat(sentDuring(100)).isBetween(97L * (100 << 10), 103L * (100 << 10));
    }

    @Test
    void catchesUpNoMoreThanAMomentAfterAPause() {
        rate.set(5 * MIB);
        time.run(TimeUnit.HOURS.toNanos(1));
        assertThat(sentDuring(1)).isLessThan(6 * MIB);
    }

    @Test
    void followsARateThatRisesWithinAQuarterOfASecond() {
        rate.set(2048);
        sendOne();
        assertThat(throttle.pauseNs()).isBetween(1L, TimeUnit.MILLISECONDS.toNanos(250));
        rate.set(50 * MIB);
        time.run(TimeUnit.MILLISECONDS.toNanos(250));
        assertThat(throttle.pauseNs()).isZero();
    }

    @Test
    void followsARateThatFallsAtOnce() {
        sentDuring(1);
        rate.set(MIB);
        assertThat(sentDuring(10)).isLessThan(11 * MIB);
    }

    @Test
    void holdsNothingBackWithoutALimit() {
        for (int i = 0; i < 1000; i++) {
            sendOne();
            assertThat(throttle.pauseNs()).isZero();
        }
    }

    private void sendOne() {
        throttle.sent(SLICE);
    }

    /** Sends as soon as it may; without a limit a slice every millisecond. */
    private long sentDuring(int seconds) {
        long end = time.monotonicNs() + TimeUnit.SECONDS.toNanos(seconds);
        long bytes = 0;
        while (time.monotonicNs() < end) {
            long pause = throttle.pauseNs();
            if (pause == 0) {
                sendOne();
                bytes += SLICE;
                pause = rate.get() == RateLimit.UNLIMITED ? TimeUnit.MILLISECONDS.toNanos(1) : 0;
            }
            time.run(pause);
        }
        return bytes;
    }
}
