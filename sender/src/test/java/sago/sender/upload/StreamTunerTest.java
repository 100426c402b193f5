package sago.sender.upload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import sago.common.limits.Limits;

class StreamTunerTest {
    private static final double GIGABIT = 125e6;
    private static final long SEED = 20_261_122L;

    private final Random random = new Random(SEED);
    private long nowNs = 5_000_000_000L;
    private double sent;
    private double resent;

    /**
     * A line of a rate, on which each connection carries so much at most, and the rate of what is sealed; what is too much is dropped, or waits for half
     * a round trip.
     */
    private record Link(
            double bytesPerS, double perConnection, double source, double noise, boolean queues, double loss) {
        Link(double bytesPerS, double perConnection, double source, double noise) {
            this(bytesPerS, perConnection, source, noise, false, 0);
        }

        /** What the line loses, and what is sent beyond its rate and neither waits nor is held back by the source. */
        double resent(int connections) {
            double offered = Math.min(connections * perConnection, source);
            return (queues ? 0 : Math.max(0, offered - bytesPerS) / 4) + offered * loss;
        }

        long rttNs(int connections, double rttMs) {
            boolean waits = queues && Math.min(connections * perConnection, source) > bytesPerS;
            return (long) (rttMs * 1e6 * (waits ? 1.5 : 1.02));
        }

        double rate(int connections) {
            return Math.min(Math.min(bytesPerS, connections * perConnection), source);
        }

        boolean networkBound(int connections) {
            return rate(connections) < source;
        }
    }

    private double rttMs;

    /** Runs for so long; connections are there at once. */
    private void run(StreamTuner tuner, Link link, double seconds) {
        long end = nowNs + (long) (seconds * 1e9);
        while (nowNs < end) {
            nowNs += StreamTuner.TICK_NS;
            int connections = tuner.wanted();
            double noisy = 1 + link.noise * (2 * random.nextDouble() - 1);
            sent += link.rate(connections) * noisy * StreamTuner.TICK_NS / 1e9;
            resent += link.resent(connections) * StreamTuner.TICK_NS / 1e9;
            tuner.tick(new StreamTuner.Tick(
                    nowNs,
                    (long) sent,
                    link.networkBound(connections),
                    connections,
                    link.rttNs(connections, rttMs),
                    (long) resent));
        }
    }

    private StreamTuner connected(double rttMs) {
        StreamTuner tuner = new StreamTuner(Streams.AUTO);
        assertThat(tuner.wanted()).as("before the round trip is known").isEqualTo(1);
        this.rttMs = rttMs;
        tuner.connected(nowNs, (long) (rttMs * 1e6));
        return tuner;
    }

    @Test
    void beginsWithWhatTheRoundTripAsksFor() {
        assertThat(connected(0).wanted()).isEqualTo(4);
        assertThat(connected(20).wanted()).isEqualTo(4);
        assertThat(connected(100).wanted()).isEqualTo(5);
        assertThat(connected(200).wanted()).isEqualTo(9);
        assertThat(connected(900).wanted()).isEqualTo(16);
    }

    @Test
    void comesWithinFifteenPercentOfTheBestInThirtySecondsOnEveryLink() {
        for (double rttMs : new double[] {2, 20, 100, 200, 300}) {
            for (double perConnection : new double[] {1e6, 2e6, 5e6, 20e6, 60e6}) {
                for (boolean queues : new boolean[] {false, true}) {
                    double loss = queues ? 0 : 0.002;
                    Link link = new Link(GIGABIT, perConnection, Double.MAX_VALUE, 0.15, queues, loss);
                    StreamTuner tuner = connected(rttMs);
                    run(tuner, link, 30);
                    assertThat(link.rate(tuner.wanted()))
                            .as(
                                    "%s ms, %s bytes/s for each connection, %s, seed %s",
                                    rttMs, perConnection, queues, SEED)
                            .isGreaterThanOrEqualTo(0.85 * link.rate(Limits.CONNECTIONS_PER_SESSION_MAX));
                }
            }
        }
    }

    @Test
    void stopsGrowingOnceTheLineIsFull() {
        StreamTuner tuner = connected(50);
        run(tuner, new Link(GIGABIT, 40e6, Double.MAX_VALUE, 0.15), 300);
        assertThat(tuner.wanted()).as("eight were tried and did not pay").isEqualTo(4);
    }

    @Test
    void takesADoublingBackAtOnceThatOverrunsTheLine() {
        StreamTuner tuner = connected(50);
        Link link = new Link(GIGABIT, GIGABIT / 4, Double.MAX_VALUE, 0.05);
        while (tuner.wanted() == 4) {
            run(tuner, link, 0.2);
        }
        assertThat(tuner.wanted()).isEqualTo(8);
        run(tuner, link, 0.4);
        assertThat(tuner.wanted()).isEqualTo(4);
        run(tuner, link, 60);
        assertThat(tuner.wanted()).isEqualTo(4);
    }

    @Test
    void triesNoMoreWhereDataWaitOnTheWayAlready() {
        StreamTuner tuner = connected(50);
        Link full = new Link(GIGABIT, 40e6, Double.MAX_VALUE, 0.15, true, 0);
        for (int i = 0; i < 300; i++) {
            run(tuner, full, 1);
            assertThat(tuner.wanted()).isEqualTo(4);
        }
    }

    @Test
    void aQueueOfOthersThatTakesALotOfTheLineIsNoReasonToGrow() {
        StreamTuner tuner = connected(50);
        run(tuner, new Link(GIGABIT, 40e6, Double.MAX_VALUE, 0.1, true, 0), 60);
        run(tuner, new Link(GIGABIT / 3, 40e6, Double.MAX_VALUE, 0.1, true, 0), 60);
        assertThat(tuner.wanted()).isEqualTo(4);
    }

    @Test
    void doesNotGrowWhileTheSourceIsWhatIsSlow() {
        StreamTuner tuner = connected(50);
        run(tuner, new Link(GIGABIT, 10e6, 30e6, 0.15), 300);
        assertThat(tuner.wanted()).isEqualTo(4);
    }

    @Test
    void doesNotGrowWithoutDistance() {
        StreamTuner tuner = connected(0.2);
        run(tuner, new Link(GIGABIT, 10e6, Double.MAX_VALUE, 0), 60);
        assertThat(tuner.wanted()).isEqualTo(4);
    }

    @Test
    void isNotFooledByAMomentInWhichEverythingStandsStill() {
        StreamTuner tuner = connected(50);
        Link full = new Link(GIGABIT, 40e6, Double.MAX_VALUE, 0.05);
        for (int i = 0; i < 60; i++) {
            run(tuner, full, 1.8);
            run(tuner, new Link(1, 1, Double.MAX_VALUE, 0), 0.2);
        }
        assertThat(tuner.wanted()).as("seed %s", SEED).isBetween(4, 8);
    }

    @Test
    void isNotFooledByARateThatJumpsAbout() {
        int grown = 0;
        for (int run = 0; run < 100; run++) {
            StreamTuner tuner = connected(50);
            run(tuner, new Link(20e6, 20e6, Double.MAX_VALUE, 0.9), 30);
            grown += tuner.wanted() > 8 ? 1 : 0;
        }
        assertThat(grown).as("of 100 runs, seed %s", SEED).isLessThan(15);
    }

    @Test
    void growsAgainWhenTheLineBeginsToLose() {
        StreamTuner tuner = connected(50);
        run(tuner, new Link(GIGABIT, 40e6, Double.MAX_VALUE, 0.1), 60);
        int before = tuner.wanted();
        Link lossy = new Link(GIGABIT, 3e6, Double.MAX_VALUE, 0.1);
        run(tuner, lossy, 60);
        assertThat(tuner.wanted()).isGreaterThan(before);
        assertThat(lossy.rate(tuner.wanted())).isGreaterThanOrEqualTo(0.85 * GIGABIT);
    }

    @Test
    void waitsForItsConnectionsBeforeItMeasures() {
        StreamTuner tuner = connected(50);
        Link link = new Link(GIGABIT, 5e6, Double.MAX_VALUE, 0);
        for (int i = 0; i < 600; i++) {
            nowNs += StreamTuner.TICK_NS;
            sent += link.rate(1) * StreamTuner.TICK_NS / 1e9;
            tuner.tick(new StreamTuner.Tick(nowNs, (long) sent, true, 1, 0, 0));
        }
        assertThat(tuner.wanted()).as("of four wanted one lives").isEqualTo(4);
    }

    @Test
    void aFixedNumberStays() {
        StreamTuner tuner = new StreamTuner(Streams.of(3));
        tuner.connected(nowNs, TimeUnit.MILLISECONDS.toNanos(200));
        assertThat(tuner.ticks()).isFalse();
        assertThat(tuner.wanted()).isEqualTo(3);
    }

    @Test
    void refusesNumbersThatASiteWouldRefuse() {
        assertThatThrownBy(() -> Streams.of(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Streams.of(Limits.CONNECTIONS_PER_SESSION_MAX + 1))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
