package sago.bench.plan;

import java.util.List;
import java.util.Map;
import java.util.function.IntToDoubleFunction;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * Makes a model of a host from runs over nothing, a quarter of a sample, the sample, and small files: what grows with bytes is the slope
 * between quarter and sample, what grows with entries the slope between nothing and small files, and the start is what is left.
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
                        (wall(round, "sample", Run.UNCHANGED) - wall(round, "nothing", Run.UNCHANGED))
                                / Math.max(1, entries(round, "sample"))))
                .atLeast(Assumed.SPREAD_MIN);
        Range stored = each(round -> run(round, "sample", Run.FULL).storedBytes()
                        / run(round, "sample", Run.FULL).folder().bytes())
                .atLeast(0.01);
        return new HostModel(
                name,
                Map.of(),
                cost(Run.FULL),
                cost(Run.RESTORE),
                walk,
                stored,
                List.of("Host: measured with samples of '" + name + "', " + rounds() + " rounds, both ends on this machine of " + cores
                        + " cores, data in the page cache."));
    }

    private RunCost cost(String kind) {
        Range entry = each(round -> perEntry(round, kind, Run::cpuS)).atLeast(Assumed.SPREAD_MIN);
        Range home = each(round -> perGb(round, kind, run -> run.cost().homeCpuS(), perEntry(round, kind, Run::cpuS)))
                .atLeast(Assumed.SPREAD_MIN);
        Range site = each(round -> perGb(round, kind, run -> run.cost().siteCpuS(), 0)).atLeast(Assumed.SPREAD_MIN);
        Range start = each(round -> {
            Run sample = run(round, "sample", kind);
            double slope = slope(round, kind, run -> run.cost().wallS());
            return Math.max(0, sample.cost().wallS() - slope * sample.folder().gb());
        });
        return new RunCost(start.atLeast(Assumed.SPREAD_MIN), home, site, entry, scaling(kind));
    }

    /** Core-seconds of small files beyond a run over nothing; their bytes are few. */
    private double perEntry(int round, String kind, ToDoubleFunction<Run> figure) {
        Run small = run(round, "small", kind);
        double more = figure.applyAsDouble(small) - figure.applyAsDouble(run(round, "nothing", kind));
        double bytes = slope(round, kind, figure) * small.folder().gb();
        return Math.max(0, (more - bytes) / Math.max(1, small.folder().files()));
    }

    /** Slope by bytes, without what the sample's entries cost. */
    private double perGb(int round, String kind, ToDoubleFunction<Run> figure, double entryS) {
        Sampled sample = run(round, "sample", kind).folder();
        return Math.max(LITTLE, slope(round, kind, figure) - entryS * sample.files() / sample.gb());
    }

    private double slope(int round, String kind, ToDoubleFunction<Run> figure) {
        Run quarter = run(round, "quarter", kind);
        Run sample = run(round, "sample", kind);
        return Math.max(
                LITTLE,
                (figure.applyAsDouble(sample) - figure.applyAsDouble(quarter))
                        / (sample.folder().gb() - quarter.folder().gb()));
    }

    /** From CPU time against wall time of what grows with the bytes. */
    private Scaling scaling(String kind) {
        Range busy = each(round ->
                slope(round, kind, Run::cpuS) / slope(round, kind, run -> run.cost().wallS()));
        return new Scaling(busy.min(Range.exactly(cores)), cores, Assumed.SCALING);
    }

    private Range each(IntToDoubleFunction figure) {
        return Range.of(IntStream.rangeClosed(1, rounds())
                .mapToDouble(figure)
                .toArray());
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
                .filter(run -> run.round() == round && run.data().equals(data) && run.kind().equals(kind))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no run: " + data + ", " + kind + ", round " + round));
    }
}
