package sago.bench.ladder;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import sago.bench.data.DataSet;
import sago.bench.data.DataSets;
import sago.bench.macro.SagoRuns;
import sago.bench.result.BenchResult;
import sago.bench.result.Machine;
import sago.bench.result.ResultFiles;
import sago.common.time.Clock;

/** {@code sago bench ladder}. */
@Command(
        name = "ladder",
        mixinStandardHelpOptions = true,
        description =
                "The cost of each step of a backup alone, their sum, what the whole system costs for the same data, and what is lost between.",
        footer = "%nExample: bin/sago bench ladder --data logs:4G --data random:4G --rounds 5 --work /var/tmp")
public final class LadderCommand implements Callable<Integer> {
    private static final int THREADS_SHOWN = 10;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--data",
            required = true,
            paramLabel = "DIR|KIND[:SIZE]",
            description =
                    "A folder, or data to be made: tree, logs, random, small, as in logs:4G. May be given more than once.")
    private List<String> data = new ArrayList<>();

    @Option(
            names = "--rounds",
            defaultValue = "3",
            paramLabel = "N",
            description = "Rounds; medians are reported (default ${DEFAULT-VALUE}).")
    private int rounds;

    @Option(
            names = "--work",
            defaultValue = "${sys:java.io.tmpdir}",
            paramLabel = "DIR",
            description = "Folder for data and for the site, on the disk to be measured (default ${DEFAULT-VALUE}).")
    private Path work;

    @Option(
            names = "--out",
            defaultValue = "sago-bench-ladder.json",
            paramLabel = "FILE",
            description = "Where the result goes (default ${DEFAULT-VALUE}).")
    private Path out;

    @Option(
            names = "--port",
            defaultValue = "17445",
            paramLabel = "PORT",
            description = "Of the site on loopback (default ${DEFAULT-VALUE}).")
    private int port;

    @Option(names = "--launcher", defaultValue = "${env:SAGO_LAUNCHER}", hidden = true)
    private String launcher;

    private final PrintStream terminal = System.out;

    @Override
    public Integer call() throws IOException, InterruptedException {
        check();
        Instant time = Instant.ofEpochMilli(Clock.system().wallMs());
        Path scratch = Files.createTempDirectory(work.toAbsolutePath(), "sago-ladder");
        List<Map<String, Object>> described = new ArrayList<>();
        List<Map<String, Object>> samples = new ArrayList<>();
        Map<String, Object> summary = new LinkedHashMap<>();
        try {
            for (String what : data) {
                Data found = find(what, scratch);
                LadderSummary sums = measure(found, scratch);
                described.add(found.description);
                samples.addAll(sums.samples(found.name));
                summary.put(found.name, sums.figures());
                if (found.made) {
                    SagoRuns.delete(found.folder);
                }
            }
        } finally {
            SagoRuns.delete(scratch);
        }
        Map<String, Object> versions = Map.of("sago", SagoRuns.version(launcher));
        Map<String, Object> settings = Map.of("rounds", rounds, "compression", "lz4", "work", work.toString());
        ResultFiles.write(
                new BenchResult(
                        "ladder", time.toString(), Machine.describe(), versions, described, settings, samples, summary),
                out);
        terminal.println("result: " + out);
        return 0;
    }

    /** Data that is there. */
    private record Data(String name, Path folder, boolean made, Map<String, Object> description) {}

    private void check() {
        if (rounds < 1) {
            throw new ParameterException(spec.commandLine(), "--rounds must be at least 1");
        }
        if (!Files.isDirectory(work) || !Files.isWritable(work)) {
            throw new ParameterException(spec.commandLine(), "--work " + work + " is not a folder that can be written");
        }
        for (String what : data) {
            if (DataSets.isDataSet(what)) {
                try {
                    DataSets.parse(what, 1);
                } catch (IllegalArgumentException e) {
                    throw new ParameterException(spec.commandLine(), "--data " + e.getMessage(), e);
                }
            } else if (!Files.isDirectory(Path.of(what))) {
                throw new ParameterException(
                        spec.commandLine(), "--data " + what + " is neither a folder nor tree, logs, random or small");
            }
        }
    }

    private Data find(String what, Path scratch) throws IOException {
        if (DataSets.isDataSet(what)) {
            DataSet set = DataSets.parse(what, 1);
            Path folder = scratch.resolve("data");
            terminal.println(set.name() + ": making it");
            return new Data(set.name(), folder, true, set.describe(set.generate(folder)));
        }
        Path folder = Path.of(what).toRealPath();
        return new Data(folder.toString(), folder, false, describe(folder));
    }

    private static Map<String, Object> describe(Path folder) throws IOException {
        long entries = 0;
        long files = 0;
        long bytes = 0;
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : (Iterable<Path>) all.skip(1)::iterator) {
                entries++;
                if (Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
                    files++;
                    bytes += Files.size(path);
                }
            }
        }
        if (bytes == 0) {
            throw new IOException(folder + " holds no bytes: nothing can be measured");
        }
        Map<String, Object> description = new LinkedHashMap<>();
        description.put("name", folder.toString());
        description.put("files", files);
        description.put("entries", entries);
        description.put("bytes", bytes);
        return description;
    }

    private LadderSummary measure(Data from, Path scratch) throws IOException, InterruptedException {
        Path nothing = Files.createDirectories(scratch.resolve("nothing"));
        LadderSummary sums = new LadderSummary();
        terminal.println(from.name + ": warming up");
        alone(from.folder, scratch);
        for (int round = 1; round <= rounds; round++) {
            terminal.printf("%s: round %d of %d%n", from.name, round, rounds);
            sums.add(new LadderSummary.Round(
                    alone(from.folder, scratch), whole(nothing, scratch), whole(from.folder, scratch)));
        }
        print(from.name, sums);
        return sums;
    }

    private static Alone.Outcome alone(Path source, Path scratch) throws IOException, InterruptedException {
        try (Alone alone = new Alone(Files.createDirectory(scratch.resolve("alone")))) {
            return alone.run(source);
        }
    }

    /** A fresh site and a fresh home, one full backup over loopback. */
    private Usage whole(Path folder, Path scratch) throws IOException, InterruptedException {
        List<String> asTheSteps = List.of("--compression", "lz4");
        try (SagoRuns runs = SagoRuns.start(launcher, port, Clock.system(), scratch.resolve("whole"), asTheSteps)) {
            SagoRuns.Watched run = runs.watchedBackup(folder);
            return new Usage(
                    run.cost().homeCpuS() + run.cost().siteCpuS(), run.cost().wallS(), run.threadSeconds());
        }
    }

    private void print(String name, LadderSummary sums) {
        terminal.printf("%s: core-seconds per GB, median of %d rounds%n", name, rounds);
        for (LadderStep step : LadderStep.values()) {
            line(step.label(), sums.step(step));
        }
        line("sum of the steps", sums.sum());
        line("whole system", sums.whole());
        line("whole without start", sums.wholeWithoutStart());
        terminal.printf(
                Locale.ROOT,
                "  lost between the steps %.1f %%; stored %.1f %% of the plaintext; wall time %.1f s%n",
                sums.lostShare() * 100,
                sums.storedShare() * 100,
                sums.wallS());
        terminal.printf(
                Locale.ROOT,
                "  does not grow with data: %.2f core-s for a run with nothing to do; compilers %.2f core-s (%.2f there), garbage %.2f core-s in the whole run%n",
                sums.startS(),
                sums.compileS(),
                sums.startCompileS(),
                sums.collectS());
        terminal.println("  threads of the last whole run, core-s: "
                + sums.threads().entrySet().stream()
                        .limit(THREADS_SHOWN)
                        .map(thread -> String.format(Locale.ROOT, "%s %.2f", thread.getKey(), thread.getValue()))
                        .collect(Collectors.joining(", ")));
    }

    private void line(String label, double value) {
        terminal.printf(Locale.ROOT, "  %-20s %7.3f%n", label, value);
    }
}
