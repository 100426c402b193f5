package sago.bench.plan;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a user wants protected, and how.
 *
 * @param protectBytes plaintext
 * @param entries files, folders and links
 * @param changeShare of the bytes and entries that a day changes
 * @param everyS between the starts of two backups
 * @param windowS in which a backup may run
 * @param sites that hold a copy each, one after the other
 * @param outageS that a site may be away
 * @param keepDays of snapshots, the grace of the site included
 */
record Job(
        double protectBytes,
        double entries,
        double changeShare,
        double everyS,
        double windowS,
        int sites,
        double outageS,
        double keepDays) {
    static final double DAY_S = 86_400;
    private static final double PROTECT_BYTES_MAX = 1e18;
    private static final double ENTRIES_MAX = 1e12;

    Job {
        check(
                0 < protectBytes && protectBytes <= PROTECT_BYTES_MAX,
                "--protect must be more than 0 and at most 1,000,000 TB");
        check(1 <= entries && entries <= ENTRIES_MAX, "--entries must be from 1 to 10^12");
        check(0 <= changeShare && changeShare <= 1, "--change must be from 0 to 100 percent of the data per day");
        check(0 < everyS && everyS <= 366 * DAY_S, "--every must be more than 0 hours and at most a year");
        check(0 < windowS && windowS <= 366 * DAY_S, "--window must be more than 0 hours: a backup needs time to run");
        check(1 <= sites && sites <= 100, "--sites must be from 1 to 100");
        check(0 <= outageS && outageS <= 366 * DAY_S, "--outage must be from 0 hours to a year");
        check(0 <= keepDays && keepDays <= 36_600, "--keep must be from 0 to 36600 days");
    }

    private static void check(boolean good, String message) {
        if (!good) {
            throw new IllegalArgumentException(message);
        }
    }

    /** Changed between two backups: never more than all. */
    double changedShare() {
        return Math.min(1, changeShare * everyS / DAY_S);
    }

    double runsPerDay() {
        return DAY_S / everyS;
    }

    Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("protect_bytes", protectBytes);
        json.put("entries", entries);
        json.put("change_share_per_day", changeShare);
        json.put("every_s", everyS);
        json.put("window_s", windowS);
        json.put("sites", sites);
        json.put("outage_s", outageS);
        json.put("keep_days", keepDays);
        return json;
    }
}
