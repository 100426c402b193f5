package sago.bench.plan;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * One round of measuring a disk.
 *
 * @param round from 1
 * @param bytes that were written, and read by each reading
 * @param writeS until all packs were forced, one after the other
 * @param directS to read them past the page cache; 0 where that is not possible
 * @param cachedS to read them from the page cache
 */
record DiskSpeed(int round, long bytes, double writeS, double directS, double cachedS) {
    /** A reading so near to the speed of memory may well have come from there. */
    static final double COLD_SHARE_MAX = 0.7;

    private static final double MB = 1e6;

    /** Bytes per second of all rounds; reading counts only where no round may have read from memory. */
    static DiskModel model(List<DiskSpeed> rounds, String where) {
        Range write = rate(
                rounds.stream().mapToDouble(speed -> speed.bytes / speed.writeS).toArray());
        String wrote = String.format(
                Locale.ROOT,
                "Disk of %s: measured, %d rounds of %d MiB in packs, written and forced at %s",
                where,
                rounds.size(),
                rounds.get(0).bytes >> 20,
                text(write));
        String both = " Taken for the disks of both ends; --home-disk and --site-disk say better.";
        if (rounds.stream().allMatch(DiskSpeed::isCold)) {
            Range read = rate(rounds.stream()
                    .mapToDouble(speed -> speed.bytes / speed.directS)
                    .toArray());
            return new DiskModel(read, write, wrote + ", read past the page cache at " + text(read) + "." + both);
        }
        boolean refused = rounds.stream().anyMatch(speed -> speed.directS == 0);
        String why = refused
                ? "the file system refuses to read past the page cache"
                : "reading past the page cache is as fast as memory here";
        return new DiskModel(
                DiskModel.UNKNOWN.read(), write, wrote + "; " + why + ", so reading counts as no limit." + both);
    }

    private static Range rate(double... bytesPerS) {
        return Range.of(bytesPerS).atLeast(Assumed.SPREAD_MIN);
    }

    private static String text(Range rate) {
        return String.format(
                Locale.ROOT, "%.0f – %.0f MB/s (%.0f)", rate.low() / MB, rate.high() / MB, rate.mid() / MB);
    }

    private boolean isCold() {
        return directS > 0 && cachedS / directS <= COLD_SHARE_MAX;
    }

    Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("case", "disk");
        json.put("round", round);
        json.put("bytes", bytes);
        json.put("write_s", writeS);
        json.put("read_direct_s", directS);
        json.put("read_cached_s", cachedS);
        return json;
    }
}
