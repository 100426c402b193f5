package sago.bench.report;

import java.util.Arrays;
import sago.bench.result.Samples;

/** Median, smallest and largest of raw samples. */
record Spread(double low, double median, double high, int count) {
    static Spread of(double... samples) {
        if (samples.length == 0) {
            throw new IllegalArgumentException("no samples");
        }
        double[] sorted = samples.clone();
        Arrays.sort(sorted);
        return new Spread(sorted[0], Samples.median(sorted), sorted[sorted.length - 1], sorted.length);
    }
}
