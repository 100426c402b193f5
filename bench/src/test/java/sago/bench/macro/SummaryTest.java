package sago.bench.macro;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SummaryTest {
    private static Sample sample(String system, int round, double wallS, double cpuS) {
        return new Sample(
                new Sample.Which("logs:1G", Case.FULL, system, round),
                new Sample.Cost(wallS, cpuS - 0.5, 0.5, 100, 50, 1000),
                500,
                1_000_000_000,
                1000,
                Map.of());
    }

    @Test
    void mediansAndRatiosAreThoseOfTheRounds() {
        Summary summary = new Summary(List.of(
                sample("sago", 1, 2, 4),
                sample("restic", 1, 9, 12),
                sample("restic", 2, 6, 10),
                sample("sago", 2, 3, 5),
                sample("sago", 3, 100, 100),
                sample("restic", 3, 1, 1)));
        assertThat(summary.json().get("logs:1G")).isInstanceOfSatisfying(Map.class, cases -> {
            Object full = cases.get("full");
            assertThat(full).isInstanceOfSatisfying(Map.class, systems -> {
                assertThat((Map<?, ?>) systems.get("sago")).isEqualTo(figures(3, 5, 1, 1));
                assertThat((Map<?, ?>) systems.get("restic")).isEqualTo(figures(6, 10, 2, 2));
            });
        });
    }

    private static Map<String, Object> figures(double wallS, double cpuS, double ratio, double cpuRatio) {
        return Map.ofEntries(
                Map.entry("rounds", 3),
                Map.entry("wall_s", wallS),
                Map.entry("cpu_s", cpuS),
                Map.entry("core_s_per_gb", cpuS),
                Map.entry("mb_per_s", 1000 / wallS),
                Map.entry("cpu_us_per_entry", cpuS * 1000),
                Map.entry("client_peak_bytes", 100.0),
                Map.entry("server_peak_bytes", 50.0),
                Map.entry("wire_bytes", 1000.0),
                Map.entry("stored_bytes", 500.0),
                Map.entry("ratio_to_sago", ratio),
                Map.entry("cpu_ratio_to_sago", cpuRatio));
    }

    @Test
    void aRunThatEndedBeforeItWasKilledCountsForNoMedian() {
        Sample ended = new Sample(
                new Sample.Which("logs:1G", Case.RESUME, "sago", 1),
                new Sample.Cost(1, 1, 0, 1, 1, 1),
                1,
                1,
                1,
                Map.of("killed", false));
        assertThat(new Summary(List.of(ended)).json()).isEmpty();
    }

    @Test
    void everySystemBeginsARoundInItsTurn() {
        List<String> systems = List.of("sago", "restic", "borg");
        assertThat(Round.rotated(systems, 1)).containsExactly("sago", "restic", "borg");
        assertThat(Round.rotated(systems, 2)).containsExactly("restic", "borg", "sago");
        assertThat(Round.rotated(systems, 3)).containsExactly("borg", "sago", "restic");
        assertThat(Round.rotated(systems, 4)).containsExactly("sago", "restic", "borg");
    }

    @Test
    void aSampleHasTheNamesThatReportsRead() {
        assertThat(sample("sago", 1, 2, 4).json())
                .containsKeys(
                        "data", "case", "system", "round", "wall_s", "cpu_s", "client_peak_bytes", "server_peak_bytes")
                .containsKeys("wire_bytes", "stored_bytes", "plaintext_bytes", "entries")
                .containsEntry("case", "full");
    }
}
