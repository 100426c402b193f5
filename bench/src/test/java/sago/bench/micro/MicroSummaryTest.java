package sago.bench.micro;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.openjdk.jmh.annotations.Benchmark;

/** What readings come to. */
class MicroSummaryTest {
    private static Reading reading(String variant, String provider, double score, OptionalDouble allocation) {
        return new Reading(Step.SEAL, variant, new TreeMap<>(Map.of("provider", provider)), 1, score, allocation);
    }

    private static List<Reading> readings(String variant, String provider, double... scores) {
        List<Reading> readings = new ArrayList<>();
        for (double score : scores) {
            readings.add(reading(variant, provider, score, OptionalDouble.of(score * 100)));
        }
        return readings;
    }

    @Test
    void comparesMediansUnderTheSameParameters() {
        List<Reading> all = Stream.of(
                        readings("floe", "one", 1, 3, 100),
                        readings("cipher", "one", 4, 4, 4),
                        readings("floe", "two", 10),
                        readings("cipher", "two", 8))
                .flatMap(List::stream)
                .toList();
        List<MicroSummary.Line> lines = MicroSummary.lines(all);
        assertThat(lines)
                .extracting(MicroSummary.Line::name)
                .containsExactly(
                        "floe provider=one", "cipher provider=one", "floe provider=two", "cipher provider=two");
        assertThat(lines.get(0).median()).isEqualTo(3);
        assertThat(lines.get(0).ratio()).isCloseTo(0.75, within(1e-9));
        assertThat(lines.get(0).allocBytesPerMib()).hasValue(300);
        assertThat(lines.get(2).ratio()).isCloseTo(1.25, within(1e-9));
        assertThat(lines.get(1).isReference()).isTrue();
    }

    @Test
    void saysNoRatioWithoutItsReference() {
        List<MicroSummary.Line> lines = MicroSummary.lines(readings("floe", "one", 2));
        assertThat(lines.get(0).ratio()).isNaN();
        assertThat(MicroSummary.summary(lines).toString())
                .contains("median=2.0", "unit=GB/s")
                .doesNotContain("ratio", "NaN");
    }

    @Test
    void samplesNameUnitAndParameters() {
        Map<String, Object> sample =
                reading("floe", "one", 2, OptionalDouble.empty()).sample();
        assertThat(sample)
                .containsEntry("step", "seal")
                .containsEntry("variant", "floe")
                .containsEntry("provider", "one")
                .containsEntry("score", 2.0)
                .containsEntry("unit", "GB/s")
                .doesNotContainKey("alloc_bytes_per_mib");
    }

    @ParameterizedTest
    @EnumSource(Step.class)
    void everyReferenceIsABenchmarkOfItsStep(Step step) {
        List<String> variants = Stream.of(step.benchmarks().getMethods())
                .filter(method -> method.isAnnotationPresent(Benchmark.class))
                .map(Method::getName)
                .toList();
        assertThat(variants)
                .isNotEmpty()
                .allSatisfy(variant -> assertThat(variants).contains(step.reference(variant)));
        assertThat(variants).anyMatch(variant -> !step.reference(variant).equals(variant));
    }
}
