package sago.bench.plan;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What the disk of one end does in order, in bytes per second.
 *
 * @param read infinite where nobody knows, or where memory has what is read
 * @param write forced as packs are; infinite where nobody knows
 * @param source where measured figures come from; empty for others
 */
record DiskModel(Range read, Range write, String source) {
    private static final Range NO_LIMIT = Range.exactly(Double.POSITIVE_INFINITY);

    /** Of a disk that nobody measured: never the limit, and the plan says so. */
    static final DiskModel UNKNOWN = new DiskModel(NO_LIMIT, NO_LIMIT, "");

    DiskModel {
        if (read.low() <= 0 || write.low() <= 0) {
            throw new IllegalArgumentException("--home-disk and --site-disk must be more than 0 MB/s");
        }
    }

    /** As a user says it: one rate for both. */
    static DiskModel given(Range rate) {
        return new DiskModel(rate, rate, "");
    }

    /** The same where all that is read was just written or read. */
    DiskModel readFromMemory() {
        return new DiskModel(NO_LIMIT, write, source);
    }

    boolean isUnknown() {
        return Double.isInfinite(read.mid()) && Double.isInfinite(write.mid());
    }

    Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("read_bytes_per_s", rate(read));
        json.put("write_bytes_per_s", rate(write));
        return json;
    }

    private static Object rate(Range rate) {
        return Double.isInfinite(rate.mid()) ? "no limit" : rate.json();
    }
}
