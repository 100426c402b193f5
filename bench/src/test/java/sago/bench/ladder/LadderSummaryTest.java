package sago.bench.ladder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What rounds come to. */
class LadderSummaryTest {
    private static final long TWO_GB = 2_000_000_000L;

    private static LadderSummary.Round round(long readNs, long sealNs, double emptyS, double wholeS) {
        Costs costs = new Costs();
        costs.add(LadderStep.READ, readNs);
        costs.add(LadderStep.SEAL, sealNs);
        return new LadderSummary.Round(
                new Alone.Outcome(costs, TWO_GB, TWO_GB / 4),
                new Usage(emptyS, 1, Map.of("home C2 CompilerThre", 0.25)),
                new Usage(
                        wholeS,
                        2,
                        Map.of("home C2 CompilerThre", 0.375, "site C1 CompilerThre", 0.125, "home GC Thread", 0.125)));
    }

    private static LadderSummary rounds() {
        LadderSummary sums = new LadderSummary();
        sums.add(round(1_000_000_000, 3_000_000_000L, 2, 10));
        sums.add(round(2_000_000_000, 4_000_000_000L, 3, 11));
        sums.add(round(9_000_000_000L, 5_000_000_000L, 2, 99));
        return sums;
    }

    @Test
    void countsCoreSecondsForEachGbOfPlaintext() {
        LadderSummary sums = rounds();
        assertThat(sums.step(LadderStep.READ)).isEqualTo(1.0);
        assertThat(sums.step(LadderStep.SEAL)).isEqualTo(2.0);
        assertThat(sums.sum()).isEqualTo(3.0);
        assertThat(sums.whole()).isEqualTo(5.5);
        assertThat(sums.wholeWithoutStart()).isEqualTo(4.0);
        assertThat(sums.lostShare()).isCloseTo(0.25, within(1e-12));
        assertThat(sums.storedShare()).isEqualTo(0.25);
    }

    @Test
    void theSumHoldsWhatEntriesCost() {
        Costs costs = new Costs();
        costs.add(LadderStep.WALK, 500_000_000);
        costs.add(LadderStep.READ, 1_000_000_000);
        costs.add(LadderStep.TREE, 250_000_000);
        Usage usage = new Usage(1, 1, Map.of());
        LadderSummary sums = new LadderSummary();
        sums.add(new LadderSummary.Round(new Alone.Outcome(costs, TWO_GB, TWO_GB), usage, usage));
        assertThat(sums.sum()).isCloseTo(0.875, within(1e-12));
        assertThat(sums.figures()).containsEntry("walk", 0.25).containsEntry("tree", 0.125);
    }

    @Test
    void showsBesideTheStepsWhatDoesNotGrowWithData() {
        Map<String, Object> figures = rounds().figures();
        assertThat(figures).containsKeys("read", "site_hash", "sum", "whole", "whole_without_start", "lost_share");
        assertThat(figures.get("beside"))
                .isEqualTo(Map.of(
                        "start_core_s",
                        2.0,
                        "start_compile_core_s",
                        0.25,
                        "compile_core_s",
                        0.5,
                        "collect_core_s",
                        0.125,
                        "wall_s",
                        2.0));
        long numbers =
                figures.values().stream().filter(Number.class::isInstance).count();
        assertThat(numbers).isEqualTo(LadderStep.values().length + 5);
    }

    @Test
    void keepsEveryRoundAsSamples() {
        List<Map<String, Object>> samples = rounds().samples("logs");
        assertThat(samples).hasSize(3 * (LadderStep.values().length + 2));
        assertThat(samples.get(0))
                .containsEntry("data", "logs")
                .containsEntry("round", 1)
                .containsEntry("step", "walk")
                .containsEntry("core_s_per_gb", 0.0);
        assertThat(samples.get(1)).containsEntry("step", "read").containsEntry("core_s_per_gb", 0.5);
        assertThat(samples.get(samples.size() - 1))
                .containsEntry("step", "whole")
                .containsEntry("cpu_s", 99.0)
                .containsEntry("core_s_per_gb", 49.5);
    }

    @Test
    void tellsCompilersAndCollectorsByTheirNames() {
        assertThat(ThreadPurpose.of("home C2 CompilerThre")).isEqualTo(ThreadPurpose.COMPILE);
        assertThat(ThreadPurpose.of("site GC Thread")).isEqualTo(ThreadPurpose.COLLECT);
        assertThat(ThreadPurpose.of("home backup")).isEqualTo(ThreadPurpose.WORK);
    }
}
