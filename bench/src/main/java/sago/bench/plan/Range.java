package sago.bench.plan;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import sago.bench.result.Samples;

/**
 * A figure that is not known exactly: between low and high, most likely mid. Never negative; infinite where something never ends.
 * Immutable.
 */
record Range(double low, double mid, double high) {
    static final Range ZERO = exactly(0);

    Range {
        if (!(0 <= low && low <= mid && mid <= high)) {
            throw new IllegalArgumentException("no range: " + low + " to " + mid + " to " + high);
        }
    }

    static Range exactly(double value) {
        return new Range(value, value, value);
    }

    /** Smallest, median and largest of what was measured. */
    static Range of(double... samples) {
        double median = Samples.median(samples);
        return new Range(
                Math.min(median, Arrays.stream(samples).min().orElse(median)),
                median,
                Math.max(median, Arrays.stream(samples).max().orElse(median)));
    }

    Range plus(Range other) {
        return new Range(low + other.low, mid + other.mid, high + other.high);
    }

    Range times(double factor) {
        return new Range(low * factor, mid * factor, high * factor);
    }

    Range times(Range other) {
        return new Range(low * other.low, mid * other.mid, high * other.high);
    }

    /** This for each of another: low where little is shared among much. */
    Range per(Range other) {
        return new Range(quotient(low, other.high), quotient(mid, other.mid), quotient(high, other.low));
    }

    private static double quotient(double value, double divisor) {
        return value == 0 ? 0 : value / divisor;
    }

    /** What the larger of two is. */
    Range max(Range other) {
        return new Range(Math.max(low, other.low), Math.max(mid, other.mid), Math.max(high, other.high));
    }

    /** What the smaller of two is. */
    Range min(Range other) {
        return new Range(Math.min(low, other.low), Math.min(mid, other.mid), Math.min(high, other.high));
    }

    /** At least so far from the middle on both sides: a few samples that happen to agree are not exact. */
    Range atLeast(double share) {
        return new Range(Math.min(low, mid * (1 - share)), mid, Math.max(high, mid * (1 + share)));
    }

    /** Each of the three through a function that never falls. */
    Range map(DoubleUnaryOperator rising) {
        return new Range(rising.applyAsDouble(low), rising.applyAsDouble(mid), rising.applyAsDouble(high));
    }

    boolean contains(double value) {
        return low <= value && value <= high;
    }

    Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("low", low);
        json.put("mid", mid);
        json.put("high", high);
        return json;
    }
}
