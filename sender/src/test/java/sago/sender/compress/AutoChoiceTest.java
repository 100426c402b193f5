package sago.sender.compress;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import sago.common.time.Clock;

class AutoChoiceTest {
    private static final long WINDOW = 192L << 20;
    private static final double NS_PER_S = 1e9;

    private final SimulatedLink link = new SimulatedLink();
    private final AutoChoice choice = new AutoChoice(link, link);

    @Test
    void staysWithLz4WhileTheLinkTakesWhatIsSealed() {
        link.linkBytesPerS = 1e9;
        assertThat(run(60).zstdShare).isZero();
    }

    @Test
    void staysWithLz4WhenBothEndsShareCoresAndTheSiteGetsTooFewOfThem() {
        link.linkBytesPerS = 100e6;
        link.idle = 0.02;
        assertThat(run(60).zstdShare).isZero();
        assertThat(link.unsent).as("the window is full all the time").isGreaterThan(WINDOW / 2);
    }

    @Test
    void turnsToZstdSoonWhenASlowLinkHoldsEverythingUp() {
        link.linkBytesPerS = 12.5e6;
        link.idle = 0;
        Run run = run(60);
        assertThat(run.firstZstdS).isLessThan(1);
        assertThat(run.zstdShare).isGreaterThan(0.95);
    }

    @Test
    void turnsToZstdOnAFastLinkWhenCoresIdle() {
        link.linkBytesPerS = 100e6;
        link.idle = 0.6;
        Run run = run(60);
        assertThat(run.zstdShare).isGreaterThan(0.9);
    }

    @Test
    void turnsToZstdWhileTheSiteIsAway() {
        link.linkBytesPerS = 0;
        run(10);
        assertThat(choice.now()).isEqualTo(Codec.ZSTD);
    }

    @Test
    void returnsToLz4WhenTheLinkHasBecomeFast() {
        link.linkBytesPerS = 12.5e6;
        run(30);
        assertThat(choice.now()).isEqualTo(Codec.ZSTD);
        link.linkBytesPerS = 1e9;
        Run after = run(30);
        assertThat(choice.now()).isEqualTo(Codec.LZ4);
        assertThat(after.zstdShare).isLessThan(0.1);
    }

    /** Where zstd is too slow for the link and LZ4 too large for it, each has its part and neither link nor cores stand still. */
    @Test
    void mixesBothBetweenAndChangesSeldom() {
        link.linkBytesPerS = 120e6;
        link.lz4BytesPerS = 600e6;
        link.zstdBytesPerS = 350e6;
        link.idle = 0.5;
        run(10);
        Run run = run(60);
        assertThat(run.zstdShare).isBetween(0.1, 0.9);
        assertThat(run.plainBytes / 60).isGreaterThan(1.1 * 120e6 * link.lz4Ratio);
        assertThat(run.changes).isLessThan(100);
    }

    @Test
    void isNotShakenByOneFullMoment() {
        link.linkBytesPerS = 1e9;
        List<Codec> chosen = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            run(0.1);
            link.unsent = i == 100 ? WINDOW / 2 : link.unsent;
            chosen.add(choice.now());
        }
        assertThat(chosen).containsOnly(Codec.LZ4);
    }

    @Test
    void ignoresAFewSlicesBeforeALinkThatJustBegins() {
        link.unsent = 3 << 20;
        for (int i = 0; i < 20; i++) {
            link.now += AutoChoice.INTERVAL_NS;
            assertThat(choice.now()).isEqualTo(Codec.LZ4);
        }
    }

    @Test
    void asksTheLinkAFewTimesASecondHoweverManyChunksThereAre() {
        for (int i = 0; i < 100_000; i++) {
            link.now += 100_000;
            choice.now();
        }
        assertThat(link.asked).isBetween(80, 101);
    }

    private Run run(double seconds) {
        Run run = new Run();
        Codec before = choice.now();
        double step = 0.005;
        for (double at = 0; at < seconds; at += step) {
            Codec codec = choice.now();
            run.changes += codec == before ? 0 : 1;
            before = codec;
            if (codec == Codec.ZSTD && run.firstZstdS < 0) {
                run.firstZstdS = at;
            }
            double plain = link.step(step, codec);
            run.plainBytes += plain;
            run.zstdBytes += codec == Codec.ZSTD ? plain : 0;
        }
        run.zstdShare = run.plainBytes == 0 ? 0 : run.zstdBytes / run.plainBytes;
        return run;
    }

    private static final class Run {
        double firstZstdS = -1;
        double zstdBytes;
        double plainBytes;
        double zstdShare;
        int changes;
    }

    /** Cores that seal as long as the window has room, and a link that takes what it can. */
    private static final class SimulatedLink implements AutoChoice.Link, Clock {
        double linkBytesPerS;
        double lz4BytesPerS = 700e6;
        double zstdBytesPerS = 450e6;
        double lz4Ratio = 2.4;
        double zstdRatio = 4.1;
        double idle;
        double unsent;
        double sent;
        long now;
        int asked;

        /** Plaintext that was sealed. */
        double step(double seconds, Codec codec) {
            now += (long) (seconds * NS_PER_S);
            double taken = Math.min(unsent, linkBytesPerS * seconds);
            unsent -= taken;
            sent += taken;
            double ratio = codec == Codec.ZSTD ? zstdRatio : lz4Ratio;
            double room = WINDOW * 2.0 / 3 - unsent;
            double sealed = Math.min(room, (codec == Codec.ZSTD ? zstdBytesPerS : lz4BytesPerS) * seconds / ratio);
            unsent += sealed;
            return sealed * ratio;
        }

        @Override
        public AutoChoice.Load load() {
            asked++;
            return new AutoChoice.Load((long) unsent, (long) sent, WINDOW, idle);
        }

        @Override
        public long wallMs() {
            return 0;
        }

        @Override
        public long monotonicNs() {
            return now;
        }
    }
}
