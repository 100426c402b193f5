package sago.bench.report;

import java.util.Locale;
import java.util.OptionalDouble;
import sago.common.cli.Units;

/** How figures are written on the page. */
final class Numbers {
    static final String NONE = "–";

    private Numbers() {}

    static String seconds(double value) {
        if (value < 100) {
            return String.format(Locale.ROOT, value < 1 ? "%.2f s" : "%.1f s", value);
        }
        return value < Long.MAX_VALUE / 1e9 ? Units.duration((long) (value * 1e9)) : "without end";
    }

    static String bytes(double value) {
        return value >= 0 && value < Long.MAX_VALUE ? Units.bytes(Math.round(value)) : NONE;
    }

    static String bytes(OptionalDouble value) {
        return value.isPresent() ? bytes(value.getAsDouble()) : NONE;
    }

    static String rate(double bytesPerS) {
        return bytes(bytesPerS) + "/s";
    }

    static String perGb(double coreSeconds) {
        return String.format(Locale.ROOT, "%.2f", coreSeconds);
    }

    static String percent(double share) {
        return String.format(Locale.ROOT, "%.0f %%", 100 * share);
    }

    static String ratio(double ratio) {
        return String.format(Locale.ROOT, ratio < 10 ? "%.2f ×" : "%.1f ×", ratio);
    }

    /** Three figures that matter, in thousands. */
    static String plain(double value) {
        double size = Math.abs(value);
        return String.format(Locale.ROOT, size >= 100 ? "%,.0f" : size >= 10 ? "%.1f" : "%.2f", value);
    }
}
