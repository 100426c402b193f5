package sago.sender.upload;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sago.common.limits.Limits;

/**
 * Finds how many connections a session needs. One connection carries at most its socket buffer in a round trip, and less after each loss; so
 * the number begins with what the round trip asks for and doubles as long as that pays.
 *
 * <pre>
 * SETTLING -new connections are up to speed-> MEASURING -the last doubling paid-> SETTLING, with twice as many
 *                                             MEASURING -it did not, or there are enough-> HOLDING
 *                                             HOLDING -the rate fell for good-> SETTLING, with twice as many
 * </pre>
 *
 * Only ticks in which most connections wait for their socket count: where the source, the site or a limit is what holds the upload back,
 * nothing is measured and the number stays. A doubling that does not pay is taken back (ADR 0013).
 *
 * <p>Confined to its {@link Control}, but for {@link #wanted}. Time comes with the ticks.
 */
final class StreamTuner {
    private static final Logger LOG = LoggerFactory.getLogger(StreamTuner.class);

    /** Between ticks: several slices of each connection on a slow line, and ten ticks in the time of a measurement. */
    static final long TICK_NS = TimeUnit.MILLISECONDS.toNanos(200);

    /** Where the round trip is unknown or short. */
    static final int START = 4;

    /** The most to begin with: more only where it was seen to pay. */
    static final int START_MAX = 16;

    /** The line that the first number is made for: with fewer connections the first seconds of a short upload would be lost. */
    private static final double START_BYTES_PER_S = 125e6;

    /**
     * What a connection has under way at most: of the usual 4 MiB of socket buffer, measured. With no more connections than that asks for, BBR
     * has little with which to overrun the buffers on the way, which would cost a quarter of the line.
     */
    private static final double BYTES_PER_ROUND_TRIP = 2.8e6;

    /** Below it socket buffers carry gigabytes a second: more connections add nothing but work. */
    private static final long RTT_NS_MIN = TimeUnit.MILLISECONDS.toNanos(1);

    /** Round trips until a new connection is up to speed: four of set-up, the rest until its window has grown. */
    private static final int SETTLE_ROUND_TRIPS = 10;

    private static final long SETTLE_NS_MIN = TimeUnit.MILLISECONDS.toNanos(500);
    private static final long SETTLE_NS_MAX = TimeUnit.SECONDS.toNanos(4);

    /** Ticks of a measurement; the rate is the mean of its middle half. */
    private static final int TICKS = 10;

    /** A doubling paid if the rate grew by this, and by more than the noise: this many standard errors of the mean. */
    private static final double GAIN = 1.08;

    private static final double STANDARD_ERRORS = 3;

    /** A rate that fell below this part of what was held, in so many measurements in a row, means that the line has changed. */
    private static final double FALLEN = 0.7;

    private static final int FALLEN_MEASUREMENTS = 3;

    /** Less than this part sent again: the line itself loses nothing. */
    private static final double LOSSLESS = 0.0005;

    /**
     * A doubling after which so much has to be sent again on a line that lost nothing, in so many ticks without a gain, overruns buffers on the way:
     * it is taken back at once. (Where data get lost anyway the sockets' rate in such ticks says too little.)
     */
    private static final double OVERRUN = 0.05;

    private static final int OVERRUN_TICKS = 2;

    /** A smoothed round trip beyond this part of the first one, and by this much, means that data wait on the way: the line is full. */
    private static final double QUEUED = 1.08;

    private static final long QUEUED_NS_MIN = TimeUnit.MILLISECONDS.toNanos(1);

    /** What is held is the mean of about so many measurements: the best of many would be a lucky one. */
    private static final double HELD_MEASUREMENTS = 4;

    private enum State {
        SETTLING,
        MEASURING,
        HOLDING
    }

    private final boolean auto;
    private final double[] rates = new double[TICKS];
    private volatile int wanted;
    private State state = State.SETTLING;
    private boolean met;
    private long rttNs;
    private long settledAtNs;
    private int ticks;
    private Tick last = new Tick(0, 0, false, 0, 0, 0);
    private Tick measuringSince = last;
    private int queuedTicks;
    private int overrunTicks;
    private double overrunRates;
    private double resentShareBefore;

    /** What it was before the doubling that is on trial; 0: none is. */
    private int wantedBefore;

    private double rateBefore;
    private double errorBefore;
    private int fallen;

    StreamTuner(Streams streams) {
        this.auto = streams.auto();
        this.wanted = auto ? 1 : streams.number();
    }

    /**
     * The session now.
     *
     * @param sentBytes that sockets took so far, cumulative
     * @param networkBound whether most connections wait for their socket
     * @param connections that live and do not rest
     * @param rttNs median of what TCP sees of their round trips; 0 where it cannot be asked
     * @param resentBytes that TCP sent again, cumulative
     */
    record Tick(long nowNs, long sentBytes, boolean networkBound, int connections, long rttNs, long resentBytes) {
        /** Part of what was sent since then that was sent again. */
        double resentShareSince(Tick before) {
            return Math.max(0, resentBytes - before.resentBytes) / (double) Math.max(1, sentBytes - before.sentBytes);
        }
    }

    /** Connections that there shall be. Any thread. */
    int wanted() {
        return wanted;
    }

    /** Whether {@link #tick} is wanted. */
    boolean ticks() {
        return auto;
    }

    /** The first connection is made; its round trip says how many to begin with, 0 says nothing. */
    void connected(long nowNs, long roundTripNs) {
        if (auto && !met) {
            met = true;
            rttNs = roundTripNs;
            double underWay = START_BYTES_PER_S * rttNs / TimeUnit.SECONDS.toNanos(1);
            int needed = (int) Math.ceil(underWay / BYTES_PER_ROUND_TRIP);
            wanted = Math.max(START, Math.min(START_MAX, needed));
            become(rttNs < RTT_NS_MIN ? State.HOLDING : State.SETTLING, "round trip " + rttNs / 1000 + " us");
            settle(nowNs);
        }
    }

    /** Looks at the session; afterwards {@link #wanted} may be more. */
    void tick(Tick now) {
        Tick before = last;
        last = now;
        if (!met || rttNs < RTT_NS_MIN) {
            return;
        }
        if (wantedBefore > 0 && overruns(before, now)) {
            takeBack("more connections overrun the line");
            return;
        }
        if (state == State.SETTLING) {
            if (now.connections < wanted) {
                settle(now.nowNs);
            } else if (now.nowNs >= settledAtNs) {
                beginMeasuring(now);
                become(State.MEASURING, now.connections + " connections are up to speed");
            }
            return;
        }
        if (before.networkBound && now.networkBound && now.nowNs > before.nowNs) {
            rates[ticks++] = (now.sentBytes - before.sentBytes) * 1e9 / (now.nowNs - before.nowNs);
            queuedTicks += now.rttNs > QUEUED * rttNs + QUEUED_NS_MIN ? 1 : 0;
            if (ticks == TICKS) {
                boolean queued = 2 * queuedTicks > TICKS;
                resentShareBefore = now.resentShareSince(measuringSince);
                beginMeasuring(now);
                measured(now.nowNs, middle(rates), standardError(rates), queued);
            }
        }
    }

    /** Whether the connections that are on trial gain nothing but data that are sent again. */
    private boolean overruns(Tick before, Tick now) {
        if (resentShareBefore < LOSSLESS && now.resentShareSince(before) > OVERRUN && now.nowNs > before.nowNs) {
            overrunTicks++;
            overrunRates += (now.sentBytes - before.sentBytes) * 1e9 / (now.nowNs - before.nowNs);
        }
        return overrunTicks >= OVERRUN_TICKS && overrunRates / overrunTicks < GAIN * rateBefore;
    }

    private void measured(long nowNs, double rate, double error, boolean queued) {
        if (state == State.MEASURING) {
            double noise = STANDARD_ERRORS * Math.max(error, errorBefore);
            boolean paid = rate >= rateBefore + Math.max(rateBefore * (GAIN - 1), rateBefore == 0 ? 0 : noise);
            errorBefore = error;
            rateBefore = Math.max(rate, rateBefore);
            fallen = 0;
            if (!paid) {
                takeBack("at " + megabytes(rate) + " MB/s more connections do not pay");
            } else if (queued || wanted == Limits.CONNECTIONS_PER_SESSION_MAX) {
                wantedBefore = 0;
                become(State.HOLDING, "at " + megabytes(rate) + " MB/s the line is full");
            } else {
                grow(nowNs, rate);
            }
            return;
        }
        boolean low = rate < FALLEN * rateBefore && !queued;
        fallen = low ? fallen + 1 : 0;
        if (!low) {
            rateBefore += (rate - rateBefore) / HELD_MEASUREMENTS;
        }
        if (fallen == FALLEN_MEASUREMENTS) {
            fallen = 0;
            rateBefore = rate;
            if (wanted < Limits.CONNECTIONS_PER_SESSION_MAX) {
                grow(nowNs, rate);
            }
        }
    }

    private void beginMeasuring(Tick now) {
        ticks = 0;
        queuedTicks = 0;
        measuringSince = now;
    }

    private void takeBack(String reason) {
        wanted = wantedBefore;
        wantedBefore = 0;
        beginMeasuring(last);
        become(State.HOLDING, reason);
    }

    private void grow(long nowNs, double rate) {
        wantedBefore = wanted;
        overrunTicks = 0;
        overrunRates = 0;
        wanted = Math.min(2 * wanted, Limits.CONNECTIONS_PER_SESSION_MAX);
        become(State.SETTLING, megabytes(rate) + " MB/s so far, trying " + wanted);
        settle(nowNs);
    }

    private void settle(long nowNs) {
        settledAtNs = nowNs + Math.max(SETTLE_NS_MIN, Math.min(SETTLE_NS_MAX, SETTLE_ROUND_TRIPS * rttNs));
    }

    private void become(State next, String reason) {
        LOG.info("connections: {} -> {}, {} wanted: {}", state, next, wanted, reason);
        state = next;
    }

    /** Of the values between the quartiles: one tick in which everything stood still, or in which a backlog arrived, changes nothing. */
    private static double middle(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return Arrays.stream(sorted, sorted.length / 4, sorted.length - sorted.length / 4)
                .average()
                .orElseThrow();
    }

    private static double standardError(double[] values) {
        double mean = Arrays.stream(values).average().orElseThrow();
        double variance = Arrays.stream(values)
                        .map(value -> (value - mean) * (value - mean))
                        .sum()
                / (values.length - 1);
        return Math.sqrt(variance / values.length);
    }

    private static long megabytes(double bytes) {
        return Math.round(bytes / 1e6);
    }
}
