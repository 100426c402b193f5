package sago.bench.plan;

import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How long one run takes, and why: everything works at once, so the slowest resource decides.
 *
 * @param startS before anything moves
 * @param waits what each resource alone would take
 */
record Estimate(Range startS, Map<Resource, Range> waits) {
    Estimate {
        waits = Collections.unmodifiableMap(new EnumMap<>(waits));
    }

    /** The same with one more thing to wait for. */
    Estimate with(Resource resource, Range wait) {
        Map<Resource, Range> more = new EnumMap<>(waits);
        more.put(resource, wait);
        return new Estimate(startS, more);
    }

    Range totalS() {
        return startS.plus(waits.values().stream().reduce(Range.ZERO, Range::max));
    }

    /** What to have more of, first. */
    Resource bottleneck() {
        return waits.entrySet().stream()
                .max(Comparator.comparingDouble(wait -> wait.getValue().mid()))
                .orElseThrow()
                .getKey();
    }

    Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("start_s", startS.json());
        waits.forEach((resource, wait) -> json.put(resource.key() + "_s", wait.json()));
        return json;
    }
}
