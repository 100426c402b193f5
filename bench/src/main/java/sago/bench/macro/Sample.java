package sago.bench.macro;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One measurement. CPU and bytes on the wire are those of both ends together. Immutable.
 *
 * @param what data, case, system and round
 * @param storedBytes what the repository holds afterwards
 * @param more further figures of this case, by their names in result files
 */
record Sample(Which what, Cost cost, long storedBytes, long plaintextBytes, long entries, Map<String, Object> more) {
    /** Which measurement. */
    record Which(String data, Case kind, String system, int round) {}

    /** What one run took. */
    record Cost(
            double wallS,
            double clientCpuS,
            double serverCpuS,
            long clientPeakBytes,
            long serverPeakBytes,
            long wireBytes) {
        /** Of both ends. */
        double cpuS() {
            return clientCpuS + serverCpuS;
        }
    }

    Sample {
        more = Map.copyOf(more);
    }

    /** Whether the program was really killed where that is the point; such a sample stays in the file but counts for no median otherwise. */
    boolean counts() {
        return !Boolean.FALSE.equals(more.get("killed"));
    }

    Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("data", what.data());
        json.put("case", what.kind().word());
        json.put("system", what.system());
        json.put("round", what.round());
        json.put("wall_s", cost.wallS());
        json.put("cpu_s", cost.cpuS());
        json.put("client_cpu_s", cost.clientCpuS());
        json.put("server_cpu_s", cost.serverCpuS());
        json.put("client_peak_bytes", cost.clientPeakBytes());
        json.put("server_peak_bytes", cost.serverPeakBytes());
        json.put("wire_bytes", cost.wireBytes());
        json.put("stored_bytes", storedBytes);
        json.put("plaintext_bytes", plaintextBytes);
        json.put("entries", entries);
        json.putAll(more);
        return json;
    }
}
