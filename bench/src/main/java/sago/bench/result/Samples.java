package sago.bench.result;

import java.util.Arrays;

/** What a row of measurements comes to. Borrows the values and leaves their order alone. */
public final class Samples {
    private Samples() {}

    /** The middle value, or the mean of the two in the middle. NaN of nothing. */
    public static double median(double... values) {
        return quantile(0.5, values);
    }

    /** The value below which this share of the values lies, interpolated between neighbours. NaN of nothing. */
    public static double quantile(double share, double... values) {
        if (values.length == 0) {
            return Double.NaN;
        }
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        double at = share * (sorted.length - 1);
        int below = (int) Math.floor(at);
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (sorted[above] - sorted[below]) * (at - below);
    }
}
