package sago.sender.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
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

    private ProgressPrinter printer() {
        PrintStream nowhere = new PrintStream(new ByteArrayOutputStream(), false, StandardCharsets.UTF_8);
        return ProgressPrinter.start(nowhere, clock, 0, () -> new ProgressFigures(0, 0, 0, "", ""));
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
}
