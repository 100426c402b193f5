package sago.bench.plan;

import java.util.Locale;
import java.util.function.DoubleFunction;
import sago.common.cli.Units;

/** How a figure is printed for people. */
enum Unit {
    SECONDS("s", Unit::duration),
    BYTES("bytes", value -> value >= Long.MAX_VALUE ? "without end" : Units.bytes(Math.round(value))),
    MEMORY("bytes", value -> String.format(Locale.ROOT, "%,.0f MiB", value / (1 << 20))),
    COUNT("count", value -> String.format(Locale.ROOT, "%,.0f", value));

    private final String key;
    private final DoubleFunction<String> format;

    Unit(String key, DoubleFunction<String> format) {
        this.key = key;
        this.format = format;
    }

    String key() {
        return key;
    }

    String text(double value) {
        return format.apply(value);
    }

    /** Low to high with the middle in brackets, or one figure where it is exact. */
    String text(Range range) {
        String low = text(range.low());
        String high = text(range.high());
        return low.equals(high) ? low : low + " – " + high + " (" + text(range.mid()) + ")";
    }

    private static String duration(double seconds) {
        double years = seconds / (365.25 * Job.DAY_S);
        if (Double.isInfinite(seconds) || years > 1000) {
            return "more than 1,000 years";
        }
        return years >= 2 ? String.format(Locale.ROOT, "%.1f years", years) : Units.duration((long) (seconds * 1e9));
    }
}
