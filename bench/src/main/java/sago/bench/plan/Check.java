package sago.bench.plan;

import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import sago.bench.data.Change;
import sago.bench.plan.Model.Load;
import sago.bench.result.Samples;
import sago.sender.chunk.ChunkerParameters;

/**
 * A prediction beside what really happened.
 *
 * @param run {@code full}, {@code unchanged}, {@code restore} or {@code changed}
 * @param predictedS by the model
 * @param measuredS median of the real runs
 */
record Check(String run, Range predictedS, double measuredS) {
    /** Beyond it the model, not the machine, is wrong. */
    static final double ERROR_MAX = 0.15;

    /** What a backup after the change moves: changed files are read whole, of a long one only the chunks with changed bytes in them are new. */
    static Load load(Sampled folder, Change change) {
        double fresh = change.chunksBytes(ChunkerParameters.DEFAULT.avgBytes());
        return new Load(fresh, change.filesBytes() - fresh, change.files(), folder.files() - change.files());
    }

    /**
     * Compares the model, which has not seen them, with these runs.
     *
     * @param changed what those after a change moved
     */
    static List<Check> all(Model model, List<Run> real, Load changed) {
        Sampled folder = real.get(0).folder();
        Load everything = new Load(folder.bytes(), folder.files(), 0);
        Load nothing = new Load(0, 0, folder.files());
        return List.of(
                new Check(Run.FULL, model.backup(everything).totalS(), median(real, Run.FULL)),
                new Check(Run.UNCHANGED, model.backup(nothing).totalS(), median(real, Run.UNCHANGED)),
                new Check(Run.RESTORE, model.restore(everything).totalS(), median(real, Run.RESTORE)),
                new Check(Run.CHANGED, model.backup(changed).totalS(), median(real, Run.CHANGED)));
    }

    private static double median(List<Run> real, String kind) {
        return Samples.median(real.stream()
                .filter(run -> run.kind().equals(kind))
                .mapToDouble(run -> run.cost().wallS())
                .toArray());
    }

    /** Of the middle figure, of what was measured; negative where the plan was too hopeful. */
    double errorShare() {
        return (predictedS.mid() - measuredS) / measuredS;
    }

    Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("case", run);
        json.put("predicted", Unit.SECONDS.text(predictedS));
        json.put("predicted_s", predictedS.json());
        json.put("measured_s", measuredS);
        json.put("error_share", errorShare());
        return json;
    }

    static void print(List<Check> checks, PrintStream to) {
        to.printf("%-10s %-28s %-10s %s%n", "", "predicted", "measured", "error");
        for (Check check : checks) {
            to.printf(
                    Locale.ROOT,
                    "%-10s %-28s %-10s %+.0f %%  %s%n",
                    check.run,
                    Unit.SECONDS.text(check.predictedS),
                    Unit.SECONDS.text(check.measuredS),
                    100 * check.errorShare(),
                    Math.abs(check.errorShare()) <= ERROR_MAX ? "within 15 %" : "beyond 15 %");
        }
    }
}
