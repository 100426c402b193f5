package sago.common.cli;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** How figures are printed: decimal units, three digits, times in UTC. */
public final class Units {
    private static final String[] PREFIXES = {"", "k", "M", "G", "T", "P", "E"};
    private static final DateTimeFormatter MINUTE =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter SECOND =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

    private Units() {}

    /** For example {@code 999 B}, {@code 1.2 MB}, {@code 64.0 GB}, {@code 612 MB}. */
    public static String bytes(long bytes) {
        if (bytes < 0) {
            throw new IllegalArgumentException("bytes < 0: " + bytes);
        }
        double value = bytes;
        int prefix = 0;
        while (value >= 999.5 && prefix < PREFIXES.length - 1) {
            value /= 1000;
            prefix++;
        }
        String unit = PREFIXES[prefix] + "B";
        if (prefix == 0) {
            return bytes + " " + unit;
        }
        return String.format(Locale.ROOT, value < 99.95 ? "%.1f %s" : "%.0f %s", value, unit);
    }

    /** Bytes per second, for example {@code 412 MB/s}; {@code -} where no time has passed. */
    public static String rate(long bytes, long durationNs) {
        return durationNs <= 0 ? "-" : bytes((long) (bytes * 1e9 / durationNs)) + "/s";
    }

    /** For example {@code 1.9 s}, {@code 55 s}, {@code 2m36s}, {@code 3h05m}, {@code 2d04h}. */
    public static String duration(long durationNs) {
        double seconds = Math.max(0, durationNs) / 1e9;
        if (seconds < 9.95) {
            return String.format(Locale.ROOT, "%.1f s", seconds);
        }
        long whole = Math.round(seconds);
        if (whole < 60) {
            return whole + " s";
        }
        if (whole < 3600) {
            return String.format(Locale.ROOT, "%dm%02ds", whole / 60, whole % 60);
        }
        if (whole < 86_400) {
            return String.format(Locale.ROOT, "%dh%02dm", whole / 3600, whole % 3600 / 60);
        }
        return String.format(Locale.ROOT, "%dd%02dh", whole / 86_400, whole % 86_400 / 3600);
    }

    /** Part of a whole without overflow and without claiming 100 before it is: 0 to 100. */
    public static int percent(long part, long whole) {
        if (whole <= 0) {
            return 100;
        }
        return part >= whole ? 100 : (int) Math.min(99, part * 100.0 / whole);
    }

    /** With thousands separated, for example {@code 41,022}. */
    public static String count(long count) {
        return String.format(Locale.ROOT, "%,d", count);
    }

    /** A count with its noun, for example {@code 1 file}, {@code 41,022 files}. */
    public static String count(long count, String noun) {
        return count(count) + " " + noun + (count == 1 ? "" : "s");
    }

    /** For example {@code 2026-11-21T19:20Z}. */
    public static String utc(long wallMs) {
        return MINUTE.format(Instant.ofEpochMilli(wallMs));
    }

    /** For example {@code 2026-11-21T19:20:07Z}. */
    public static String utcSeconds(long wallMs) {
        return SECOND.format(Instant.ofEpochMilli(wallMs));
    }

    /** How long ago, for example {@code 1 min}, {@code 3 h}, {@code 12 d}. */
    public static String age(long thenMs, long nowMs) {
        long minutes = Math.max(0, nowMs - thenMs) / 60_000;
        if (minutes < 60) {
            return minutes + " min";
        }
        return minutes < 48 * 60 ? minutes / 60 + " h" : minutes / (24 * 60) + " d";
    }
}
