package sago.bench.link;

import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Option;
import sago.common.limits.Limits;

/** What to measure on a link. */
final class LinkOptions {
    private static final long MIB = 1 << 20;

    @Option(
            names = "--streams",
            split = ",",
            defaultValue = "1,2,4,8,16",
            paramLabel = "N",
            description = "Numbers of connections (default ${DEFAULT-VALUE}).")
    private List<Integer> streams;

    @Option(
            names = "--window",
            split = ",",
            defaultValue = "16777216",
            paramLabel = "BYTES",
            description =
                    "Bytes of each connection that the other end has not reported yet (default ${DEFAULT-VALUE}, what a site grants at most).")
    private List<Long> windows;

    @Option(
            names = "--seconds",
            defaultValue = "5",
            paramLabel = "S",
            description = "Of each measurement, after the connections are up to speed (default ${DEFAULT-VALUE}).")
    private int seconds;

    @Option(
            names = "--rounds",
            defaultValue = "2",
            paramLabel = "N",
            description = "Rounds of all measurements; medians are reported (default ${DEFAULT-VALUE}).")
    private int rounds;

    @Option(
            names = "--out",
            defaultValue = "sago-bench-link.json",
            paramLabel = "FILE",
            description = "Where the result goes (default ${DEFAULT-VALUE}).")
    private Path out;

    /** Checked. IllegalArgumentException where they make no sense. */
    LinkOptions check() {
        for (int number : streams) {
            require(
                    number >= 1 && number <= Limits.CONNECTIONS_PER_SESSION_MAX,
                    "--streams: 1 to " + Limits.CONNECTIONS_PER_SESSION_MAX + ", not " + number);
        }
        for (long window : windows) {
            require(window >= MIB && window <= 1024 * MIB, "--window: 1 MiB to 1 GiB in bytes, not " + window);
        }
        require(seconds >= 1 && seconds <= 3600, "--seconds: 1 to 3600, not " + seconds);
        require(rounds >= 1 && rounds <= 1000, "--rounds: 1 to 1000, not " + rounds);
        return this;
    }

    List<Integer> streams() {
        return streams.stream().distinct().sorted().toList();
    }

    List<Long> windows() {
        return windows.stream().distinct().sorted().toList();
    }

    int seconds() {
        return seconds;
    }

    int rounds() {
        return rounds;
    }

    Path out() {
        return out;
    }

    private static void require(boolean right, String message) {
        if (!right) {
            throw new IllegalArgumentException(message);
        }
    }
}
