package sago.bench.micro;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.openjdk.jmh.runner.RunnerException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import sago.bench.result.BenchResult;
import sago.bench.result.Machine;
import sago.bench.result.ResultFiles;
import sago.common.time.Clock;

/** {@code sago bench micro}. */
@Command(
        name = "micro",
        mixinStandardHelpOptions = true,
        description = "Each step of the data path beside the best that is known for it, in one run.",
        footer = {
            "%nSteps: read chunk id compress seal open merkle pack frame tls store index path.",
            "%nExample: bin/sago bench micro chunk merkle --gc"
        })
public final class MicroCommand implements Callable<Integer> {
    private static final int ENTRIES_MAX = 5_000_000;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "STEP", arity = "0..*", description = "Steps to run; all of them if none is named.")
    private List<String> names = new ArrayList<>();

    @Option(names = "--quick", description = "A look rather than a figure: a tenth of the time.")
    private boolean quick;

    @Option(names = "--gc", description = "Also count allocation, in bytes for each MiB that went through.")
    private boolean allocation;

    @Option(
            names = "--rounds",
            defaultValue = "1",
            paramLabel = "N",
            description = "Repeat everything so often, in turns (default 1).")
    private int rounds;

    @Option(
            names = "--entries",
            defaultValue = "100000",
            paramLabel = "N",
            description = "Chunks in the index before it is measured (default 100000).")
    private int entries;

    @Option(
            names = "--work",
            defaultValue = "${sys:java.io.tmpdir}",
            paramLabel = "DIR",
            description = "Folder for scratch files, on the disk to be measured (default ${DEFAULT-VALUE}).")
    private Path work;

    @Option(
            names = "--out",
            defaultValue = "sago-bench-micro.json",
            paramLabel = "FILE",
            description = "Where the result goes (default ${DEFAULT-VALUE}).")
    private Path out;

    private final PrintStream terminal = System.out;

    @Override
    public Integer call() throws IOException {
        Set<Step> steps = steps();
        if (rounds < 1 || entries < 1 || entries > ENTRIES_MAX) {
            throw new ParameterException(
                    spec.commandLine(), "--rounds must be at least 1, --entries 1 to " + ENTRIES_MAX);
        }
        if (!Files.isDirectory(work) || !Files.isWritable(work)) {
            throw new ParameterException(spec.commandLine(), "--work " + work + " is not a folder that can be written");
        }
        Instant time = Instant.ofEpochMilli(Clock.system().wallMs());
        MicroRun run = new MicroRun(new MicroRun.Settings(quick, allocation, entries, work));
        List<Reading> readings = new ArrayList<>();
        for (int round = 1; round <= rounds; round++) {
            for (Step step : steps) {
                List<Reading> found = measure(run, step);
                readings.addAll(found);
                MicroTable.print(step, MicroSummary.lines(found), terminal);
            }
        }
        List<MicroSummary.Line> lines = MicroSummary.lines(readings);
        if (rounds > 1) {
            terminal.printf("medians of %d rounds%n", rounds);
            for (Step step : steps) {
                MicroTable.print(
                        step, lines.stream().filter(line -> line.step() == step).toList(), terminal);
            }
        }
        ResultFiles.write(
                new BenchResult(
                        "micro",
                        time.toString(),
                        Machine.describe(),
                        Map.of(),
                        List.of(),
                        settings(steps),
                        readings.stream().map(Reading::sample).toList(),
                        MicroSummary.summary(lines)),
                out);
        terminal.println("result: " + out);
        return 0;
    }

    private List<Reading> measure(MicroRun run, Step step) throws IOException {
        try {
            return run.run(step);
        } catch (RunnerException e) {
            throw new IOException("step " + step.label() + " failed: " + e.getMessage(), e);
        }
    }

    private Map<String, Object> settings(Set<Step> steps) {
        Map<String, Object> settings = new LinkedHashMap<>();
        settings.put("steps", steps.stream().map(Step::label).toList());
        settings.put("quick", quick);
        settings.put("rounds", rounds);
        settings.put("index_entries", entries);
        settings.put("work", work.toString());
        return settings;
    }

    private Set<Step> steps() {
        if (names.isEmpty()) {
            return new LinkedHashSet<>(List.of(Step.values()));
        }
        Set<Step> steps = new LinkedHashSet<>();
        for (String name : names) {
            if (!Step.labels().contains(name)) {
                throw new ParameterException(
                        spec.commandLine(),
                        "unknown step '" + name + "': there are " + String.join(" ", Step.labels()));
            }
            steps.add(Step.valueOf(name.toUpperCase(Locale.ROOT)));
        }
        return steps;
    }
}
