package sago.bench.plan;

import java.util.List;
import java.util.Map;
import java.util.function.IntToDoubleFunction;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * Makes a model of a host from runs over nothing, a quarter of a sample, the sample, and small files: what grows with bytes is the slope
 * between quarter and sample, what grows with entries is seen in small files beside nothing, and the start is what is left.
 * Round by round, so that the spread is that of the machine.
 */
final class Fit {
    /** A slope that noise turned around is taken for so little, never for nothing. */
    private static final double LITTLE = 1e-3;

    private final List<Run> runs;
    private final int cores;

    /** @param cores of the machine, on which both ends ran */
    Fit(List<Run> runs, int cores) {
        this.runs = List.copyOf(runs);
        this.cores = cores;
    }

    HostModel model(String name) {
        Range walk = each(round -> Math.max(
                        0,
                        (wall(round, SampleFolders.SMALL, Run.UNCHANGED)
                                        - wall(round, SampleFolders.NOTHING, Run.UNCHANGED))
                                / Math.max(1, entries(round, SampleFolders.SMALL))))
                .atLeast(Assumed.SPREAD_MIN);
        Range stored = each(round -> run(round, SampleFolders.SAMPLE, Run.FULL).storedBytes()
                        / run(round, SampleFolders.SAMPLE, Run.FULL).folder().bytes())
                .atLeast(0.01);
        RunCost full = cost(Run.FULL);
        RunCost known = cost(Run.REREAD);
        Range idle =
                each(round -> wall(round, SampleFolders.NOTHING, Run.UNCHANGED)).atLeast(Assumed.SPREAD_MIN);
        return new HostModel(
                name,
                Map.of(),
                full,
                known,
                run(1, SampleFolders.QUARTER, Run.FULL).folder().bytes(),
                idle.min(full.startS()),
                cost(Run.RESTORE),
                walk,
                stored,
                List.of("Host: measured with samples of '" + name + "', " + rounds()
                        + " rounds, both ends on this machine of " + cores + " cores, data in the page cache."));
    }

    private RunCost cost(String kind) {
        Range entry = each(round -> perEntry(round, kind, Run::cpuS)).atLeast(Assumed.SPREAD_MIN);
        Range home = each(round -> perGb(round, kind, run -> run.cost().homeCpuS(), perEntry(round, kind, Run::cpuS)))
                .atLeast(Assumed.SPREAD_MIN);
        Range site = each(round -> perGb(round, kind, run -> run.cost().siteCpuS(), 0))
                .atLeast(Assumed.SPREAD_MIN);
        Range start = each(round -> {
            Run sample = run(round, SampleFolders.SAMPLE, kind);
            double slope = slope(round, kind, run -> run.cost().wallS());
            return Math.max(0, sample.cost().wallS() - slope * sample.folder().gb());
        });
        return new RunCost(start.atLeast(Assumed.SPREAD_MIN), home, site, entry, scaling(kind));
    }

    /**
     * What an entry costs: small files are many entries and few bytes, the sample is the other way round, and both have the same costs of a
     * byte and of an entry.
     */
    private double perEntry(int round, String kind, ToDoubleFunction<Run> figure) {
        Run small = run(round, SampleFolders.SMALL, kind);
        double more = figure.applyAsDouble(small) - figure.applyAsDouble(run(round, SampleFolders.NOTHING, kind));
        double gb = small.folder().gb();
        double entries = small.folder().files() - gb * entriesPerGb(round, kind);
        return entries <= 0 ? 0 : Math.max(0, (more - gb * slope(round, kind, figure)) / entries);
    }

    private double entriesPerGb(int round, String kind) {
        Sampled sample = run(round, SampleFolders.SAMPLE, kind).folder();
        return sample.files() / sample.gb();
    }

    /** Slope by bytes, without what the sample's entries cost. */
    private double perGb(int round, String kind, ToDoubleFunction<Run> figure, double entryS) {
        return Math.max(LITTLE, slope(round, kind, figure) - entryS * entriesPerGb(round, kind));
    }

    private double slope(int round, String kind, ToDoubleFunction<Run> figure) {
        Run quarter = run(round, SampleFolders.QUARTER, kind);
        Run sample = run(round, SampleFolders.SAMPLE, kind);
        return Math.max(
                LITTLE,
                (figure.applyAsDouble(sample) - figure.applyAsDouble(quarter))
                        / (sample.folder().gb() - quarter.folder().gb()));
    }

    /** From CPU time against wall time of what grows with the bytes. */
    private Scaling scaling(String kind) {
        Range busy = each(round -> slope(round, kind, Run::cpuS)
                / slope(round, kind, run -> run.cost().wallS()));
        return new Scaling(busy.min(Range.exactly(cores)), cores, Assumed.SCALING);
    }

    private Range each(IntToDoubleFunction figure) {
        return Range.of(IntStream.rangeClosed(1, rounds()).mapToDouble(figure).toArray());
    }

    private int rounds() {
        return runs.stream().mapToInt(Run::round).max().orElse(0);
    }

    private double wall(int round, String data, String kind) {
        return run(round, data, kind).cost().wallS();
    }

    private double entries(int round, String data) {
        return run(round, data, Run.FULL).folder().files();
    }

    private Run run(int round, String data, String kind) {
        return runs.stream()
                .filter(run -> run.round() == round
                        && run.data().equals(data)
                        && run.kind().equals(kind))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no run: " + data + ", " + kind + ", round " + round));
    }
}
