package sago.bench.plan;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import sago.bench.data.Change;
import sago.bench.macro.SagoRuns;
import sago.bench.result.BenchResult;
import sago.bench.result.Machine;
import sago.bench.result.ResultFiles;
import sago.common.time.Clock;

/** {@code sago bench plan}. */
@Command(
        name = "plan",
        mixinStandardHelpOptions = true,
        description =
                "What a job needs: cores, connections, memory, disks, hours, as ranges, from measurements of a host and a link.",
        footer =
                "%nExample: bin/sago bench plan --ladder sago-bench-ladder.json --rtt 180 --mbit 1000 --protect 20 --change 2 --explain")
public final class PlanCommand implements Callable<Integer> {
    /** The change of {@code bench e2e}. */
    private static final long CHANGE_SEED = 1;

    @Spec
    private CommandSpec spec;

    @Mixin
    private JobOptions job;

    @Mixin
    private LinkOptions link;

    @Mixin
    private HostOptions host;

    @Mixin
    private ProbeOptions probe;

    @Option(names = "--explain", description = "Say of each figure how it came about.")
    private boolean explain;

    @Option(names = "--json", description = "Print the result as JSON.")
    private boolean json;

    @Option(
            names = "--out",
            defaultValue = "sago-bench-plan.json",
            paramLabel = "FILE",
            description = "Where the result goes (default ${DEFAULT-VALUE}).")
    private Path out;

    private final PrintStream terminal = System.out;
    private final PrintStream progress = System.err;
    private final Clock clock = Clock.system();

    @Override
    public Integer call() throws IOException, InterruptedException {
        try {
            String check = probe.check();
            if (check != null) {
                check(check);
            } else {
                plan();
            }
            return 0;
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
    }

    private void plan() throws IOException, InterruptedException {
        Job wanted = job.job();
        LinkModel between = link.model();
        host.environment(between, DiskModel.UNKNOWN); // what cannot be is refused before anything is measured
        HostModel model = host.ladder();
        List<Run> runs = List.of();
        if (model == null) {
            runs = measured(probe.data());
            model = host.storing(new Fit(runs, cores()).model(String.valueOf(probe.data())));
        }
        List<DiskSpeed> disk = disk();
        Environment place = host.environment(between, model(disk));
        Plan plan = new Planner(wanted, model, place).plan();
        write(Settings.of(wanted, model, place), new Measured(runs, disk), plan.json());
        if (!json) {
            new PlanTable(terminal, explain).print(plan);
            terminal.println();
            terminal.println("written to " + out);
        }
    }

    /** What was really done. */
    private record Measured(List<Run> runs, List<DiskSpeed> disk) {
        List<Map<String, Object>> samples() {
            return Stream.concat(
                            disk.stream().map(DiskSpeed::json), runs.stream().map(Run::json))
                    .toList();
        }
    }

    /** Nothing without a folder to measure in, or where the user knows the disks. */
    private List<DiskSpeed> disk() throws IOException {
        Path folder = probe.diskFolder();
        if (folder == null || !host.asksForDisks()) {
            return List.of();
        }
        SagoRuns.delete(folder);
        try {
            return new DiskProbe(Files.createDirectories(folder), DiskProbe.PACKS, clock, progress)
                    .measure(probe.rounds());
        } finally {
            SagoRuns.delete(folder.resolveSibling(""));
        }
    }

    private DiskModel model(List<DiskSpeed> disk) {
        return disk.isEmpty() ? DiskModel.UNKNOWN : DiskSpeed.model(disk, String.valueOf(probe.work()));
    }

    private List<Run> measured(@Nullable String data) throws IOException, InterruptedException {
        if (data == null) {
            throw new IllegalArgumentException(
                    "say what a host does: --ladder FILE (a result of sago bench ladder), or --data to measure this one");
        }
        HostProbe.Setup setup = probe.setup();
        try {
            List<Sampled> samples = new SampleFolders(setup.work()).samples(data, probe.sampleBytes());
            return new HostProbe(setup, clock, progress).measure(samples);
        } finally {
            SagoRuns.delete(setup.work());
        }
    }

    private void check(String data) throws IOException, InterruptedException {
        HostProbe.Setup setup = probe.setup();
        List<DiskSpeed> disk = disk();
        try {
            SampleFolders folders = new SampleFolders(setup.work());
            HostProbe runs = new HostProbe(setup, clock, progress);
            HostModel model = new Fit(runs.measure(folders.samples(data, probe.sampleBytes())), cores()).model(data);
            Environment here = Environment.loopback(cores(), host.siteDisk(model(disk)));
            Sampled all = folders.all(data);
            Change change = Change.of(all.folder(), CHANGE_SEED);
            List<Check> checks = Check.all(new Model(model, here), runs.measure(all, change), Check.load(all, change));
            Map<String, Object> summary = new LinkedHashMap<>();
            summary.put("checks", checks.stream().map(Check::json).toList());
            List<String> notes = new ArrayList<>(model.sources());
            if (!here.siteDisk().source().isEmpty()) {
                notes.add(here.siteDisk().source());
            }
            notes.add(
                    "What is read is in the page cache, and restored files are not forced: only a site's writing waits for a disk.");
            summary.put("notes", notes);
            write(Settings.of(model, here), new Measured(runs.runs(), disk), summary);
            if (!json) {
                Check.print(checks, terminal);
                notes.forEach(note -> terminal.println("- " + note));
                terminal.println("written to " + out);
            }
        } finally {
            SagoRuns.delete(setup.work());
        }
    }

    private static int cores() {
        return Runtime.getRuntime().availableProcessors();
    }

    private void write(Map<String, Object> settings, Measured measured, Map<String, Object> summary)
            throws IOException, InterruptedException {
        List<Run> runs = measured.runs;
        BenchResult result = new BenchResult(
                "plan",
                Instant.ofEpochMilli(clock.wallMs()).toString(),
                Machine.describe(),
                runs.isEmpty()
                        ? Map.of()
                        : Map.of("sago", SagoRuns.version(probe.setup().launcher())),
                runs.stream().map(Run::folder).distinct().map(Sampled::json).toList(),
                settings,
                measured.samples(),
                summary);
        ResultFiles.write(result, out);
        if (json) {
            terminal.print(Files.readString(out));
        }
    }
}
