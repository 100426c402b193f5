package sago.bench.plan;

import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How to measure this host, where that is asked for. */
final class ProbeOptions {
    private static final long MB = 1_000_000;
    private static final int ROUNDS_MAX = 100;

    @Option(
            names = "--data",
            paramLabel = "DIR|KIND:SIZE",
            description =
                    "Measure this host with a sample of a folder, or of data like it (tree:4G, logs:4G), in place of a ladder.")
    private @Nullable String data;

    @Option(
            names = "--check",
            paramLabel = "DIR|KIND:SIZE",
            description =
                    "Predict full, unchanged, restore and changed of this from samples of it, run them really, and compare.")
    private @Nullable String check;

    @Option(
            names = "--sample",
            defaultValue = "1000",
            paramLabel = "MB",
            description = "Of the data to measure with, at most half of it (default ${DEFAULT-VALUE}).")
    private long sampleMb;

    @Option(
            names = "--rounds",
            defaultValue = "3",
            paramLabel = "N",
            description = "Of each measurement (default ${DEFAULT-VALUE}).")
    private int rounds;

    @Option(
            names = "--work",
            paramLabel = "DIR",
            description =
                    "Scratch folder, needed with --data and --check, on the disk to be measured; what is made in it is deleted.")
    private @Nullable Path work;

    @Option(
            names = "--port",
            defaultValue = "17446",
            paramLabel = "N",
            description = "Of the receiver on loopback while it is measured (default ${DEFAULT-VALUE}).")
    private int port;

    @Option(names = "--launcher", defaultValue = "${env:SAGO_LAUNCHER}", hidden = true)
    private @Nullable String launcher;

    /** Data to measure with, or null. */
    @Nullable
    String data() {
        return data;
    }

    /** Data to check with, or null. */
    @Nullable
    String check() {
        return check;
    }

    /** As the user named it, or null. */
    @Nullable
    Path work() {
        return work;
    }

    long sampleBytes() {
        return sampleMb * MB;
    }

    /** Where the disk is to be measured, with a folder that does not exist yet below it; null if nowhere. */
    @Nullable
    Path diskFolder() {
        if (work == null) {
            return null;
        }
        if (!Files.isDirectory(work) || !Files.isWritable(work)) {
            throw new IllegalArgumentException("--work " + work + " is not a folder that can be written");
        }
        return scratch(work).resolve("disk");
    }

    int rounds() {
        if (rounds < 1 || rounds > ROUNDS_MAX) {
            throw new IllegalArgumentException("--rounds must be from 1 to " + ROUNDS_MAX);
        }
        return rounds;
    }

    private static Path scratch(Path work) {
        return work.toAbsolutePath().resolve("sago-bench-plan");
    }

    HostProbe.Setup setup() {
        if (data != null && check != null) {
            throw new IllegalArgumentException("give --data for a plan or --check for a comparison, not both");
        }
        if (work == null) {
            throw new IllegalArgumentException("say where there is room to measure: --work DIR");
        }
        if (sampleMb < 1 || sampleMb > 1_000_000) {
            throw new IllegalArgumentException("--sample must be from 1 to 1,000,000 MB");
        }
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("--port must be from 1 to 65535");
        }
        if (launcher == null) {
            throw new IllegalArgumentException("run it as bin/sago bench plan: it starts bin/sago itself");
        }
        return new HostProbe.Setup(launcher, port, scratch(work), rounds());
    }
}
