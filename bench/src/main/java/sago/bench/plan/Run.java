package sago.bench.plan;

import java.util.LinkedHashMap;
import java.util.Map;
import sago.bench.macro.SagoRuns;

/**
 * One measured run.
 *
 * @param data which folder: {@code nothing}, {@code quarter}, {@code sample}, {@code small} or {@code all}
 * @param kind {@code full}, {@code unchanged}, {@code restore}, {@code reread} or {@code changed}
 * @param round from 1
 * @param folder what was backed up
 * @param cost what it took
 * @param storedBytes at the site after the full backup
 */
record Run(String data, String kind, int round, Sampled folder, SagoRuns.Cost cost, double storedBytes) {
    static final String FULL = "full";
    static final String UNCHANGED = "unchanged";
    static final String RESTORE = "restore";

    /** Every file has another time and the same bytes: all is read, nothing stored. */
    static final String REREAD = "reread";

    /** A hundredth of the bytes has changed. */
    static final String CHANGED = "changed";

    double cpuS() {
        return cost.homeCpuS() + cost.siteCpuS();
    }

    Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("data", data);
        json.put("case", kind);
        json.put("round", round);
        json.put("wall_s", cost.wallS());
        json.put("home_cpu_s", cost.homeCpuS());
        json.put("site_cpu_s", cost.siteCpuS());
        json.put("stored_bytes", storedBytes);
        json.put("plaintext_bytes", folder.bytes());
        json.put("entries", folder.files());
        return json;
    }
}
