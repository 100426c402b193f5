package sago.bench.macro;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import sago.bench.result.Samples;

/** Medians of samples by data, case and system, and how many times what Sago takes each system takes. Immutable. */
record Summary(List<Sample> samples) {
    private static final String OWN = "sago";

    Summary {
        samples = List.copyOf(samples);
    }

    /** data → case → system → figures. */
    Map<String, Object> json() {
        Map<String, Object> byData = new LinkedHashMap<>();
        grouped().forEach((data, cases) -> {
            Map<String, Object> byCase = new LinkedHashMap<>();
            cases.forEach((kind, systems) -> {
                Map<String, Object> bySystem = new LinkedHashMap<>();
                systems.forEach((system, own) ->
                        bySystem.put(system, figures(own, systems.getOrDefault(OWN, List.of()))));
                byCase.put(kind.word(), bySystem);
            });
            byData.put(data, byCase);
        });
        return byData;
    }

    /** A table for people. */
    void print(PrintStream out) {
        grouped()
                .forEach((data, cases) -> cases.forEach((kind, systems) -> {
                    out.printf("%n%s, %s%n", data, kind.word());
                    out.printf(
                            "  %-8s %10s %7s %11s %7s %10s %15s %10s %10s%n",
                            "", "wall s", "× Sago", "CPU s", "× Sago", "MB/s", "peak MiB", "wire MB", "stored MB");
                    systems.forEach((system, samples) ->
                            out.println(row(system, figures(samples, systems.getOrDefault(OWN, List.of())))));
                }));
    }

    private static String row(String system, Map<String, Object> figures) {
        return String.format(
                Locale.ROOT,
                "  %-8s %10.2f %7s %11.2f %7s %10.0f %15s %10.1f %10.1f",
                system,
                number(figures, "wall_s"),
                ratio(figures, "ratio_to_sago"),
                number(figures, "cpu_s"),
                ratio(figures, "cpu_ratio_to_sago"),
                number(figures, "mb_per_s"),
                Math.round(number(figures, "client_peak_bytes") / (1 << 20)) + " + "
                        + Math.round(number(figures, "server_peak_bytes") / (1 << 20)),
                number(figures, "wire_bytes") / 1e6,
                number(figures, "stored_bytes") / 1e6);
    }

    private static double number(Map<String, Object> figures, String name) {
        return figures.get(name) instanceof Number number ? number.doubleValue() : Double.NaN;
    }

    private static String ratio(Map<String, Object> figures, String name) {
        return figures.containsKey(name) ? String.format(Locale.ROOT, "%.2f", number(figures, name)) : "";
    }

    private static Map<String, Object> figures(List<Sample> samples, List<Sample> own) {
        double gigabytes = samples.get(0).plaintextBytes() / 1e9;
        double wallS = median(samples, sample -> sample.cost().wallS());
        double cpuS = median(samples, sample -> sample.cost().cpuS());
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("rounds", samples.size());
        figures.put("wall_s", wallS);
        figures.put("cpu_s", cpuS);
        figures.put("core_s_per_gb", cpuS / gigabytes);
        figures.put("mb_per_s", gigabytes * 1000 / wallS);
        figures.put("cpu_us_per_entry", cpuS * 1e6 / samples.get(0).entries());
        figures.put("client_peak_bytes", median(samples, sample -> sample.cost().clientPeakBytes()));
        figures.put("server_peak_bytes", median(samples, sample -> sample.cost().serverPeakBytes()));
        figures.put("wire_bytes", median(samples, sample -> sample.cost().wireBytes()));
        figures.put("stored_bytes", median(samples, Sample::storedBytes));
        if (!own.isEmpty()) {
            figures.put(
                    "ratio_to_sago", wallS / median(own, sample -> sample.cost().wallS()));
            figures.put(
                    "cpu_ratio_to_sago",
                    cpuS / median(own, sample -> sample.cost().cpuS()));
        }
        return figures;
    }

    private Map<String, Map<Case, Map<String, List<Sample>>>> grouped() {
        Map<String, Map<Case, Map<String, List<Sample>>>> grouped = new LinkedHashMap<>();
        for (Case kind : Case.values()) {
            for (Sample sample : samples) {
                if (sample.what().kind() == kind && sample.counts()) {
                    grouped.computeIfAbsent(sample.what().data(), data -> new LinkedHashMap<>())
                            .computeIfAbsent(kind, any -> new LinkedHashMap<>())
                            .computeIfAbsent(sample.what().system(), any -> new ArrayList<>())
                            .add(sample);
                }
            }
        }
        return grouped;
    }

    private static double median(List<Sample> samples, ToDoubleFunction<Sample> figure) {
        return Samples.median(samples.stream().mapToDouble(figure).toArray());
    }
}
