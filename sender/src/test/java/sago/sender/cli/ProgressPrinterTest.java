package sago.sender.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import org.junit.jupiter.api.Test;
import sago.common.cli.Output;
import sago.common.time.Clock;

class ProgressPrinterTest {
    private long nowNs = 1;

    private final Clock clock = new Clock() {
        @Override
        public long wallMs() {
            return nowNs / 1_000_000;
        }

        @Override
        public long monotonicNs() {
            return nowNs;
        }
    };

    private Output output(ByteArrayOutputStream err) {
        PrintStream stream = new PrintStream(err, true, StandardCharsets.UTF_8);
        return new Output("sago", stream, stream, clock, new SecureRandom());
    }

    private ProgressPrinter printer() {
        return ProgressPrinter.start(
                output(new ByteArrayOutputStream()), clock, 0, () -> new ProgressFigures(0, 0, 0, "", ""));
    }

    @Test
    void showsBarRateEtaAndLimit() {
        try (ProgressPrinter printer = printer()) {
            printer.line(new ProgressFigures(0, 64_000_000_000L, 0, "", ""));
            nowNs += 2_000_000_000L;
            assertThat(printer.line(
                            new ProgressFigures(32_000_000_000L, 64_000_000_000L, 1_234, "cpu", "sg durable 30.9 GB")))
                    .isEqualTo("[#######-------] 50 %  32.0 GB/64.0 GB  16.0 GB/s  ETA 2.0 s  1,234 files  limit: cpu"
                            + "  sg durable 30.9 GB");
        }
    }

    @Test
    void showsNoBarWhileTheTotalIsUnknown() {
        try (ProgressPrinter printer = printer()) {
            assertThat(printer.line(new ProgressFigures(5, 0, 1, "", ""))).isEqualTo("5 B  -  1 file");
            nowNs += 1_000_000_000L;
            assertThat(printer.line(new ProgressFigures(5, 0, 1, "", ""))).isEqualTo("5 B  5 B/s  1 file");
        }
    }

    @Test
    void theRateIsThatOfTheLastSeconds() {
        try (ProgressPrinter printer = printer()) {
            printer.line(new ProgressFigures(0, 0, 0, "", ""));
            for (int second = 1; second <= 20; second++) {
                nowNs += 1_000_000_000L;
                printer.line(new ProgressFigures(1_000_000_000L, 0, 0, "", ""));
            }
            assertThat(printer.line(new ProgressFigures(1_000_000_000L, 0, 0, "", "")))
                    .contains("0 B/s");
        }
    }

    @Test
    void aWaitIsToldWhenItBeginsOnceAMinuteAndWhenItEnds() {
        ByteArrayOutputStream told = new ByteArrayOutputStream();
        try (ProgressPrinter printer =
                ProgressPrinter.start(output(told), clock, 0, () -> new ProgressFigures(0, 0, 0, "", ""))) {
            for (long second = 1; second <= 150; second++) {
                String text = "sg away for " + second + " s, trying again";
                printer.draw(new ProgressFigures(
                        0, 0, 0, "", "", new ProgressFigures.Standstill("sg away", text, second * 1_000_000_000L)));
            }
            printer.draw(new ProgressFigures(0, 0, 0, "", ""));
        }
        assertThat(told.toString(StandardCharsets.UTF_8).lines().filter(line -> line.startsWith("sago:")))
                .containsExactly(
                        "sago: sg away for 1 s, trying again",
                        "sago: sg away for 61 s, trying again",
                        "sago: sg away for 121 s, trying again",
                        "sago: sg away: over after 2m30s, going on");
    }

    @Test
    void aSecondWaitIsToldAnew() {
        StandstillLines lines = new StandstillLines();
        assertThat(lines.next(new ProgressFigures.Standstill("sg away", "away", 5)))
                .isEqualTo("away");
        assertThat(lines.next(new ProgressFigures.Standstill("sg full", "full", 6)))
                .isEqualTo("full");
        assertThat(lines.next(new ProgressFigures.Standstill("sg full", "full again", 1)))
                .isEqualTo("full again");
        assertThat(lines.next(null)).startsWith("sg full: over after");
        assertThat(lines.next(null)).isNull();
    }

    @Test
    void aWaitTakesThePlaceOfTheLimitOnTheLine() {
        try (ProgressPrinter printer = printer()) {
            assertThat(printer.line(new ProgressFigures(
                            5,
                            0,
                            1,
                            "network",
                            "sg durable 1 B",
                            new ProgressFigures.Standstill("sg away", "sg away for 2 s", 2))))
                    .isEqualTo("5 B  -  1 file  sg away for 2 s");
        }
    }
}
