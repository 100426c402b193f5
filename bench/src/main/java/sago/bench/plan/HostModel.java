package sago.bench.plan;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What was measured of a host, or assumed where nothing was.
 *
 * @param name of the data that it was measured with
 * @param steps core-seconds per GB of each step, for the explanation; empty if only whole runs were measured
 * @param full a backup of new data
 * @param known a backup of bytes that are read because their file's time is new, and found stored
 * @param warmBytes plaintext of a run from which on its start takes {@link RunCost#startS}; below it less, down to {@code idleStartS}. 0 if that was
 *     not measured
 * @param idleStartS wall time of a backup that finds nothing new among nothing
 * @param restore a restore
 * @param walkEntryS wall time of the one thread that walks, for each entry that is unchanged
 * @param storedShare bytes stored for each byte of plaintext
 * @param sources where figures come from, and what was assumed
 */
record HostModel(
        String name,
        Map<String, Range> steps,
        RunCost full,
        RunCost known,
        double warmBytes,
        Range idleStartS,
        RunCost restore,
        Range walkEntryS,
        Range storedShare,
        List<String> sources) {
    HostModel {
        steps = Collections.unmodifiableMap(new LinkedHashMap<>(steps));
        sources = List.copyOf(sources);
    }

    /** The same host with data that is stored at this share. */
    HostModel storing(double share) {
        if (!(0 < share && share <= 2)) {
            throw new IllegalArgumentException(
                    "--stored-share must be more than 0 and at most 2: bytes stored for each byte of plaintext");
        }
        List<String> kept = sources.stream()
                .filter(source -> !source.contains("--stored-share"))
                .toList();
        return new HostModel(
                name,
                steps,
                full,
                known,
                warmBytes,
                idleStartS,
                restore,
                walkEntryS,
                Range.exactly(share).atLeast(0.03),
                kept);
    }
}
