package sago.bench.plan;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import sago.bench.result.BenchResult;
import sago.bench.result.ResultFiles;

/** A host, a link and a job of round figures. */
final class Examples {
    static final double TB = 1e12;
    static final double HOUR_S = 3600;

    private static final Scaling LINEAR = new Scaling(Range.exactly(1), 1, Range.exactly(1));

    private Examples() {}

    /** 3 core-seconds per GB at home, 1 at the site, half of the bytes stored, no spread. */
    static HostModel host() {
        RunCost full = new RunCost(Range.exactly(2), Range.exactly(3), Range.exactly(1), Range.exactly(50e-6), LINEAR);
        RunCost restore =
                new RunCost(Range.exactly(2), Range.exactly(2), Range.exactly(1), Range.exactly(100e-6), LINEAR);
        return new HostModel(
                "example",
                Map.of(),
                full,
                new RunCost(Range.exactly(2), Range.exactly(1), Range.ZERO, Range.ZERO, LINEAR),
                0,
                Range.exactly(2),
                restore,
                Range.exactly(10e-6),
                Range.exactly(0.5),
                List.of("an example"));
    }

    static LinkModel link(double bytesPerS, double rttS, int streams) {
        return new LinkModel(Range.exactly(bytesPerS), rttS, Range.exactly(2 << 20), streams, "an example");
    }

    static Environment place(LinkModel link) {
        return new Environment(2, 2, false, link, DiskModel.UNKNOWN, DiskModel.UNKNOWN);
    }

    static Job job(double protectBytes) {
        return new Job(protectBytes, 1e6, 0.02, 24 * HOUR_S, 8 * HOUR_S, 1, 24 * HOUR_S, 60);
    }

    /** A result among the test resources. */
    static BenchResult result(String name, Path scratch) throws IOException {
        Path file = scratch.resolve(name);
        try (InputStream in = Objects.requireNonNull(Examples.class.getResourceAsStream("/sago/bench/" + name), name)) {
            Files.write(file, in.readAllBytes());
        }
        return ResultFiles.read(file);
    }
}
