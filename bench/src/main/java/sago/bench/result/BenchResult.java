package sago.bench.result;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One run of one benchmark. Values are what JSON knows: text, numbers, booleans, lists and maps of them.
 *
 * @param kind which benchmark: {@code micro}, {@code ladder}, {@code e2e}, {@code link} or {@code plan}
 * @param time when it began, UTC, ISO 8601
 * @param machine as {@link Machine#describe} says
 * @param versions of Sago and of every rival
 * @param data one map for each data set: name, files, bytes, and how to make it again
 * @param settings what was asked for
 * @param samples raw, one map for each measurement, in the order in which they were taken
 * @param summary what the samples come to
 */
public record BenchResult(
        String kind,
        String time,
        Map<String, Object> machine,
        Map<String, Object> versions,
        List<Map<String, Object>> data,
        Map<String, Object> settings,
        List<Map<String, Object>> samples,
        Map<String, Object> summary) {
    /** Of the file's layout; a reader refuses others. */
    public static final String FORMAT = "sago-bench/1";

    public BenchResult {
        machine = copy(machine);
        versions = copy(versions);
        data = copies(data);
        settings = copy(settings);
        samples = copies(samples);
        summary = copy(summary);
    }

    private static Map<String, Object> copy(Map<String, Object> map) {
        return Collections.unmodifiableMap(new LinkedHashMap<>(map));
    }

    private static List<Map<String, Object>> copies(List<Map<String, Object>> maps) {
        List<Map<String, Object>> copies = new ArrayList<>();
        maps.forEach(map -> copies.add(copy(map)));
        return Collections.unmodifiableList(copies);
    }
}
