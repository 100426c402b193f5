package sago.bench.macro;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import sago.bench.result.BenchResult;
import sago.bench.result.Machine;
import sago.common.time.Clock;

/**
 * Compares backup programs on the same data in the same run, through servers on loopback, interleaved round by round, so that a machine that changes its
 * speed changes it for all. One thread.
 */
final class EndToEnd {
    /** What to run. */
    record Plan(List<Material.Wanted> data, int rounds, Set<Case> cases) {
        Plan {
            data = List.copyOf(data);
            cases = Set.copyOf(cases);
        }
    }

    private final Plan plan;
    private final List<BackupSystem> systems;
    private final Sandbox sandbox;
    private final Clock clock;
    private final PrintStream out;
    private final List<Sample> samples = new ArrayList<>();

    EndToEnd(Plan plan, List<BackupSystem> systems, Sandbox sandbox, Clock clock, PrintStream out) {
        this.plan = plan;
        this.systems = List.copyOf(systems);
        this.sandbox = sandbox;
        this.clock = clock;
        this.out = out;
    }

    /**
     * Runs everything, data set by data set, and prints what it comes to.
     *
     * @param settings what the user asked for
     * @param time when it began
     */
    BenchResult run(Map<String, Object> settings, String time) throws IOException, InterruptedException {
        Map<String, Object> versions = new LinkedHashMap<>();
        for (BackupSystem system : systems) {
            versions.putAll(system.versions());
        }
        versions.forEach((program, version) -> out.println(program + ": " + version));
        Map<String, Object> allSettings = new LinkedHashMap<>(settings);
        allSettings.putAll(sandbox.describe());
        List<Map<String, Object>> data = new ArrayList<>();
        for (Material.Wanted wanted : plan.data()) {
            Path place = sandbox.scratch().resolve("data").resolve(wanted.isImage() ? "image" : "tree");
            Material material =
                    Material.prepare(wanted, place, plan.cases().contains(Case.CHANGED) && !wanted.isImage());
            data.add(material.description());
            rounds(material);
            Folders.delete(place);
        }
        Summary summary = new Summary(samples);
        summary.print(out);
        return new BenchResult(
                "e2e",
                time,
                Machine.describe(),
                versions,
                data,
                allSettings,
                samples.stream().map(Sample::json).toList(),
                summary.json());
    }

    private void rounds(Material material) throws IOException, InterruptedException {
        Map<String, List<Double>> fullWallsS = new HashMap<>();
        Round.Setting setting = new Round.Setting(sandbox, clock, plan.cases());
        for (int round = 1; round <= plan.rounds(); round++) {
            for (BackupSystem system : Round.rotated(systems, round)) {
                new Round(
                                setting,
                                material,
                                system,
                                fullWallsS.computeIfAbsent(system.name(), name -> new ArrayList<>()),
                                this::note)
                        .run();
            }
        }
        Folders.delete(Round.restored(setting));
    }

    private void note(Sample sample) {
        samples.add(sample);
        out.printf(
                Locale.ROOT,
                "%s round %d %-8s %-9s %8.2f s %8.2f CPU s %5d + %d MiB %10.1f MB on the wire%s%n",
                sample.what().data(),
                sample.what().round(),
                sample.what().system(),
                sample.what().kind().word(),
                sample.cost().wallS(),
                sample.cost().cpuS(),
                sample.cost().clientPeakBytes() >> 20,
                sample.cost().serverPeakBytes() >> 20,
                sample.cost().wireBytes() / 1e6,
                sample.counts() ? "" : " (not counted: it ended before it was to be killed)");
    }
}
