package sago.bench.ladder;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a whole backup took, both ends together.
 *
 * @param threads CPU seconds by end and thread since their processes began, as far as threads were seen
 */
record Usage(double cpuS, double wallS, Map<String, Double> threads) {
    Usage {
        threads = Collections.unmodifiableMap(new LinkedHashMap<>(threads));
    }

    /** What threads of this purpose spent. */
    double seconds(ThreadPurpose purpose) {
        return threads.entrySet().stream()
                .filter(thread -> ThreadPurpose.of(thread.getKey()) == purpose)
                .mapToDouble(Map.Entry::getValue)
                .sum();
    }
}
