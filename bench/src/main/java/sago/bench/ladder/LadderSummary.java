package sago.bench.ladder;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import sago.bench.result.Samples;

/** What the rounds of one data set come to, in core-seconds for each GB of plaintext; medians of the rounds. */
final class LadderSummary {
    private static final double GB = 1e9;

    private final List<Round> rounds = new ArrayList<>();

    /** One round: every step alone, then the whole system with nothing to do and with the data. */
    record Round(Alone.Outcome alone, Usage empty, Usage whole) {
        double perGb(double seconds) {
            return seconds / (alone.plainBytes() / GB);
        }

        double step(LadderStep step) {
            return perGb(alone.costs().seconds(step));
        }
    }

    void add(Round round) {
        rounds.add(round);
    }

    /** Of all steps. */
    double sum() {
        double sum = 0;
        for (LadderStep step : LadderStep.values()) {
            sum += step(step);
        }
        return sum;
    }

    double step(LadderStep step) {
        return median(round -> round.step(step));
    }

    /** The whole system, with its start and its compilers. */
    double whole() {
        return median(round -> round.perGb(round.whole.cpuS()));
    }

    /** The whole system beyond what it costs to back nothing up: what grows with data. */
    double wholeWithoutStart() {
        return median(round -> round.perGb(round.whole.cpuS() - round.empty.cpuS()));
    }

    /** Of what the whole system costs beyond its start, the share that no step accounts for; negative if the steps cost more alone. */
    double lostShare() {
        return 1 - sum() / wholeWithoutStart();
    }

    double storedShare() {
        return median(round -> (double) round.alone.storedBytes() / round.alone.plainBytes());
    }

    /** Core-seconds of a run with nothing to do. */
    double startS() {
        return median(round -> round.empty.cpuS());
    }

    /** Core-seconds that threads spent which compile, in the run with data. */
    double compileS() {
        return median(round -> round.whole.seconds(ThreadPurpose.COMPILE));
    }

    /** The same in the run with nothing to do. */
    double startCompileS() {
        return median(round -> round.empty.seconds(ThreadPurpose.COMPILE));
    }

    double collectS() {
        return median(round -> round.whole.seconds(ThreadPurpose.COLLECT));
    }

    /** Core-seconds by end and thread in the last round, those that spent most first. */
    Map<String, Double> threads() {
        return rounds.get(rounds.size() - 1).whole.threads();
    }

    double wallS() {
        return median(round -> round.whole.wallS());
    }

    private double median(ToDoubleFunction<Round> of) {
        return Samples.median(rounds.stream().mapToDouble(of).toArray());
    }

    /** As result files hold it. Whatever is a number beside the named sums is a step. */
    Map<String, Object> figures() {
        Map<String, Object> figures = new LinkedHashMap<>();
        for (LadderStep step : LadderStep.values()) {
            figures.put(step.label(), step(step));
        }
        figures.put("sum", sum());
        figures.put("whole", whole());
        figures.put("whole_without_start", wholeWithoutStart());
        figures.put("lost_share", lostShare());
        figures.put("stored_share", storedShare());
        Map<String, Object> beside = new LinkedHashMap<>();
        beside.put("start_core_s", startS());
        beside.put("start_compile_core_s", startCompileS());
        beside.put("compile_core_s", compileS());
        beside.put("collect_core_s", collectS());
        beside.put("wall_s", wallS());
        figures.put("beside", beside);
        return figures;
    }

    /** One map for each step and round, and one for each run of the whole system. */
    List<Map<String, Object>> samples(String data) {
        List<Map<String, Object>> samples = new ArrayList<>();
        for (int i = 0; i < rounds.size(); i++) {
            Round round = rounds.get(i);
            for (LadderStep step : LadderStep.values()) {
                Map<String, Object> sample = sample(data, i, step.label());
                sample.put("core_s_per_gb", round.step(step));
                samples.add(sample);
            }
            samples.add(run(sample(data, i, "whole_empty"), round.empty));
            Map<String, Object> whole = run(sample(data, i, "whole"), round.whole);
            whole.put("core_s_per_gb", round.perGb(round.whole.cpuS()));
            samples.add(whole);
        }
        return samples;
    }

    private static Map<String, Object> sample(String data, int round, String step) {
        Map<String, Object> sample = new LinkedHashMap<>();
        sample.put("data", data);
        sample.put("round", round + 1);
        sample.put("step", step);
        return sample;
    }

    private static Map<String, Object> run(Map<String, Object> sample, Usage usage) {
        sample.put("cpu_s", usage.cpuS());
        sample.put("wall_s", usage.wallS());
        sample.put("compile_core_s", usage.seconds(ThreadPurpose.COMPILE));
        sample.put("collect_core_s", usage.seconds(ThreadPurpose.COLLECT));
        sample.put("threads_core_s", usage.threads());
        return sample;
    }
}
