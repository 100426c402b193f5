package sago.bench.plan;

import java.util.Locale;
import sago.common.cli.Units;

/** How a figure is printed for people. */
enum Unit {
    SECONDS("s"),
    BYTES("bytes"),
    MEMORY("bytes"),
    COUNT("count");

    private static final double YEAR_S = 365.25 * Job.DAY_S;
    private static final double YEARS_MAX = 1_000;
    private static final int MIB = 1 << 20;

    private final String key;

    Unit(String key) {
        this.key = key;
    }

    String key() {
        return key;
    }

    String text(double value) {
        return switch (this) {
            case SECONDS -> duration(value);
            case BYTES -> value >= Long.MAX_VALUE ? "without end" : Units.bytes(Math.round(value));
            case MEMORY -> String.format(Locale.ROOT, "%,.0f MiB", value / MIB);
            case COUNT -> String.format(Locale.ROOT, "%,.0f", value);
        };
    }

    /** Low to high with the middle in brackets, or one figure where they are printed alike. */
    String text(Range range) {
        String low = text(range.low());
        String high = text(range.high());
        return low.equals(high) ? low : low + " – " + high + " (" + text(range.mid()) + ")";
    }

    private static String duration(double seconds) {
        double years = seconds / YEAR_S;
        if (years > YEARS_MAX) {
            return "more than 1,000 years";
        }
        return years >= 2 ? String.format(Locale.ROOT, "%.1f years", years) : Units.duration((long) (seconds * 1e9));
    }
}
