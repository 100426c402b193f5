package sago.bench.micro;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * One iteration of one benchmark.
 *
 * @param parameters of the benchmark, by name
 * @param score in the unit of the step
 * @param allocBytesPerMib of bytes that went through; empty where it was not measured
 */
record Reading(
        Step step,
        String variant,
        SortedMap<String, String> parameters,
        int iteration,
        double score,
        OptionalDouble allocBytesPerMib) {
    Reading {
        parameters = Collections.unmodifiableSortedMap(new TreeMap<>(parameters));
    }

    /** Variant and parameters: {@code floe provider=conscrypt segmentBytes=65536}. */
    String name() {
        return name(variant);
    }

    /** The benchmark that this one is compared with: the step's reference under the same parameters. */
    String reference() {
        return name(step.reference(variant));
    }

    private String name(String of) {
        return parameters.entrySet().stream()
                .map(parameter -> " " + parameter.getKey() + "=" + parameter.getValue())
                .collect(Collectors.joining("", of, ""));
    }

    /** As result files hold it. */
    Map<String, Object> sample() {
        Map<String, Object> sample = new LinkedHashMap<>();
        sample.put("step", step.label());
        sample.put("variant", variant);
        sample.putAll(parameters);
        sample.put("iteration", iteration);
        sample.put("score", score);
        sample.put("unit", step.unit().text());
        allocBytesPerMib.ifPresent(bytes -> sample.put("alloc_bytes_per_mib", bytes));
        return sample;
    }
}
