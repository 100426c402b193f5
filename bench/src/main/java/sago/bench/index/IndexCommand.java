package sago.bench.index;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import sago.bench.macro.SagoRuns;
import sago.bench.result.BenchResult;
import sago.bench.result.Machine;
import sago.bench.result.ResultFiles;
import sago.common.time.Clock;

/** {@code sago bench index}. */
@Command(
        name = "index",
        description =
                "Fills a chunk index pack by pack, then measures inserts and look-ups of absent and present chunks"
                        + " at that size, with the memory of the process and the size of the files.",
        mixinStandardHelpOptions = true,
        footer = "%nExample: bin/sago bench index --entries 100000000 --work /var/tmp/bench")
public final class IndexCommand implements Callable<Integer> {
    private static final long ENTRIES_MIN = 1_000;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--entries",
            defaultValue = "100000000",
            paramLabel = "N",
            description = "Entries of the index (default ${DEFAULT-VALUE}; 5 GB of files, twice that while it merges).")
    private long entries;

    @Option(
            names = "--operations",
            defaultValue = "1000000",
            paramLabel = "N",
            description = "Look-ups, and inserts, of each round (default ${DEFAULT-VALUE}).")
    private long operations;

    @Option(
            names = "--rounds",
            defaultValue = "5",
            paramLabel = "N",
            description = "Rounds; medians are reported (default ${DEFAULT-VALUE}).")
    private int rounds;

    @Option(
            names = "--work",
            defaultValue = ".",
            paramLabel = "DIR",
            description = "Where the folder sago-bench-index is made (default: here).")
    private Path work;

    @Option(
            names = "--keep",
            description = "Keep that folder; a later run with --keep and at least as many --entries goes on from it.")
    private boolean keep;

    @Option(
            names = "--out",
            defaultValue = "sago-bench-index.json",
            paramLabel = "FILE",
            description = "Where the result goes (default ${DEFAULT-VALUE}).")
    private Path out;

    private final PrintStream terminal = System.out;
    private final Clock clock = Clock.system();

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (entries < ENTRIES_MIN || operations < ENTRIES_MIN || rounds < 1) {
            throw new ParameterException(
                    spec.commandLine(), "--entries and --operations are at least " + ENTRIES_MIN + ", --rounds 1");
        }
        Path folder = work.resolve("sago-bench-index");
        if (!keep && Files.exists(folder)) {
            throw new ParameterException(
                    spec.commandLine(), folder + " is there already: delete it, or go on from it with --keep");
        }
        Files.createDirectories(folder);
        String time = Instant.ofEpochMilli(clock.wallMs()).toString();
        IndexBench bench = new IndexBench(new IndexBench.Plan(entries, operations, rounds, folder), clock, terminal);
        try {
            Map<String, Object> summary = bench.run();
            print(summary);
            ResultFiles.write(result(time, bench, summary), out);
            terminal.println("result: " + out);
        } finally {
            if (!keep) {
                SagoRuns.delete(folder);
            }
        }
        return 0;
    }

    private BenchResult result(String time, IndexBench bench, Map<String, Object> summary) throws IOException {
        Map<String, Object> settings = new LinkedHashMap<>();
        settings.put("step", "index");
        settings.put("entries", entries);
        settings.put("operations", operations);
        settings.put("rounds", rounds);
        settings.put("engine", "segments");
        @Nullable String version = IndexCommand.class.getPackage().getImplementationVersion();
        Map<String, Object> versions = Map.of("sago", version == null ? "unpackaged" : version);
        Map<String, Object> data = Map.of("name", "evenly spread ids", "entries", entries);
        return new BenchResult(
                "micro", time, Machine.describe(), versions, List.of(data), settings, bench.samples(), summary);
    }

    private void print(Map<String, Object> summary) {
        terminal.println();
        summary.forEach((name, value) -> terminal.printf(
                "%-28s %16s%n",
                name, value instanceof Double figure ? String.format(Locale.ROOT, "%,.2f", figure) : value));
    }
}
