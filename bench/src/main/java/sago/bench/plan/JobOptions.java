package sago.bench.plan;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What a user says of the job, in the units of people. */
final class JobOptions {
    private static final double TB = 1e12;
    private static final double HOUR_S = 3600;

    /** One entry for each so many bytes where nobody says better: between a file server and a folder of sources. */
    private static final double BYTES_PER_ENTRY = 100_000;

    @Option(names = "--protect", paramLabel = "TB", description = "Plaintext to protect, in TB (10^12 bytes).")
    private @Nullable Double protectTb;

    @Option(
            names = "--change",
            defaultValue = "2",
            paramLabel = "PERCENT",
            description = "Of it that a day changes (default ${DEFAULT-VALUE}).")
    private double changePercent;

    @Option(
            names = "--entries",
            paramLabel = "N",
            description = "Files, folders and links (default: one for each 100 kB).")
    private @Nullable Double entries;

    @Option(
            names = "--every",
            defaultValue = "24",
            paramLabel = "HOURS",
            description = "Between the starts of two backups (default ${DEFAULT-VALUE}).")
    private double everyHours;

    @Option(
            names = "--window",
            defaultValue = "8",
            paramLabel = "HOURS",
            description = "In which a backup may run (default ${DEFAULT-VALUE}).")
    private double windowHours;

    @Option(
            names = "--sites",
            defaultValue = "1",
            paramLabel = "N",
            description = "Sites that hold a copy each (default ${DEFAULT-VALUE}).")
    private int sites;

    @Option(
            names = "--outage",
            defaultValue = "24",
            paramLabel = "HOURS",
            description = "That a site may be away (default ${DEFAULT-VALUE}).")
    private double outageHours;

    @Option(
            names = "--keep",
            defaultValue = "60",
            paramLabel = "DAYS",
            description = "Of snapshots, the site's grace of 30 days included (default ${DEFAULT-VALUE}).")
    private double keepDays;

    Job job() {
        if (protectTb == null) {
            throw new IllegalArgumentException("say what to protect: --protect TB (or --check DATA for a real run)");
        }
        double bytes = protectTb * TB;
        return new Job(
                bytes,
                entries != null ? entries : Math.max(1, Math.ceil(bytes / BYTES_PER_ENTRY)),
                changePercent / 100,
                everyHours * HOUR_S,
                windowHours * HOUR_S,
                sites,
                outageHours * HOUR_S,
                keepDays);
    }
}
