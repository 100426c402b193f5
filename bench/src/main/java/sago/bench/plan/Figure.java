package sago.bench.plan;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One line of a plan.
 *
 * @param key in result files, with its unit last
 * @param words for people
 * @param unit how it is printed
 * @param range low, mid, high
 * @param how it came about, one line
 */
record Figure(String key, String words, Unit unit, Range range, String how) {
    Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("key", key);
        json.put("words", words);
        json.put("unit", unit.key());
        json.putAll(range.json());
        json.put("text", unit.text(range));
        json.put("how", how);
        return json;
    }
}
