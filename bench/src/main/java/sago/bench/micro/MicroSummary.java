package sago.bench.micro;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import sago.bench.result.Samples;

/** What readings come to: for each step and benchmark the median, and its ratio to the reference's. */
final class MicroSummary {
    private MicroSummary() {}

    /**
     * One benchmark.
     *
     * @param reference the name of the benchmark that it is compared with, which may be itself
     * @param ratio its median by that of the reference; NaN where the reference did not run
     */
    record Line(
            Step step, String name, double median, String reference, double ratio, OptionalDouble allocBytesPerMib) {
        boolean isReference() {
            return name.equals(reference);
        }
    }

    /** In the order of the readings. */
    static List<Line> lines(List<Reading> readings) {
        Map<String, List<Reading>> byName = new LinkedHashMap<>();
        for (Reading reading : readings) {
            byName.computeIfAbsent(key(reading.step(), reading.name()), key -> new ArrayList<>())
                    .add(reading);
        }
        return byName.values().stream().map(of -> line(of, byName)).toList();
    }

    private static Line line(List<Reading> of, Map<String, List<Reading>> all) {
        Reading first = of.get(0);
        double median = median(of);
        List<Reading> reference = all.getOrDefault(key(first.step(), first.reference()), List.of());
        double[] allocations = of.stream()
                .flatMapToDouble(reading -> reading.allocBytesPerMib().stream())
                .toArray();
        return new Line(
                first.step(),
                first.name(),
                median,
                first.reference(),
                median / median(reference),
                allocations.length == 0 ? OptionalDouble.empty() : OptionalDouble.of(Samples.median(allocations)));
    }

    private static double median(List<Reading> readings) {
        return Samples.median(readings.stream().mapToDouble(Reading::score).toArray());
    }

    private static String key(Step step, String name) {
        return step.label() + " " + name;
    }

    /** As result files hold it: by step, by benchmark. */
    static Map<String, Object> summary(List<Line> lines) {
        Map<String, Map<String, Object>> byStep = new LinkedHashMap<>();
        for (Line line : lines) {
            Map<String, Object> figures = new LinkedHashMap<>();
            figures.put("median", line.median);
            figures.put("unit", line.step.unit().text());
            if (!line.isReference() && !Double.isNaN(line.ratio)) {
                figures.put("reference", line.reference);
                figures.put("ratio_to_reference", line.ratio);
            }
            line.allocBytesPerMib.ifPresent(bytes -> figures.put("alloc_bytes_per_mib", bytes));
            byStep.computeIfAbsent(line.step.label(), step -> new LinkedHashMap<>())
                    .put(line.name, figures);
        }
        return new LinkedHashMap<>(byStep);
    }
}
