package sago.bench.plan;

import java.util.Locale;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;
import sago.bench.result.BenchResult;
import sago.bench.result.Fields;
import sago.common.cli.Units;

/** Makes a model of a link from a measurement, or from what a user knows of it. */
final class LinkReader {
    private static final double BITS = 8;
    private static final double MEGA = 1e6;

    /** Windows of one TCP connection on a host as it comes: sockets grow to 4 MiB of send buffer, a good half of which is data. */
    static final Range STREAM_WINDOW = new Range(1.5, 2.5, 4.0).times(1 << 20);

    /** A long link is never the same for two minutes. */
    private static final double SPREAD_MIN = 0.05;

    private LinkReader() {}

    static LinkModel given(double rttMs, double mbit, int streams, @Nullable Double windowMib) {
        if (!(mbit > 0) || mbit > 1e7) {
            throw new IllegalArgumentException(
                    "--mbit must be more than 0 and at most 10,000,000: nothing moves over a link without a rate");
        }
        Range rate = LinkModel.PAYLOAD_SHARE.times(mbit * MEGA / BITS);
        return new LinkModel(
                rate,
                rttMs / 1000,
                window(windowMib),
                streams,
                String.format(
                        Locale.ROOT,
                        "Link: %.0f Mbit/s and %.0f ms as given, 94 %% of it payload; not measured (sago bench link measures it).",
                        mbit,
                        rttMs));
    }

    /** The best throughput that was measured, with its spread. */
    static LinkModel measured(BenchResult link, int streams, @Nullable Double windowMib) {
        if (!link.kind().equals("link")) {
            throw new IllegalArgumentException(
                    "--link needs a result of kind link, this one is of kind " + link.kind());
        }
        OptionalDouble rate = Fields.number(link.summary(), "bytes_per_s");
        OptionalDouble rtt = Fields.number(link.summary(), "rtt_s");
        if (rate.isEmpty() || rtt.isEmpty()) {
            throw new IllegalArgumentException("the link's result has no bytes_per_s and rtt_s in its summary");
        }
        if (rate.getAsDouble() <= 0) {
            throw new IllegalArgumentException(
                    "the link carried nothing when it was measured: bytes_per_s is " + rate.getAsDouble());
        }
        int best = (int) Math.max(1, Fields.number(link.summary(), "streams").orElse(1));
        Range range = spread(link, best, rate.getAsDouble());
        // What was measured went through the windows that there were.
        Range seen = range.times(rtt.getAsDouble() / best).max(STREAM_WINDOW);
        return new LinkModel(
                range,
                rtt.getAsDouble(),
                windowMib == null ? seen : window(windowMib),
                streams == LinkModel.STREAMS_AS_NEEDED ? best : streams,
                "Link: measured " + link.time() + ", best with " + Units.count(best, "connection") + ". "
                        + Fields.text(link.summary(), "limit"));
    }

    private static Range spread(BenchResult link, int streams, double rate) {
        OptionalDouble window = Fields.number(link.summary(), "window_bytes");
        double[] samples = link.samples().stream()
                .filter(sample -> Fields.number(sample, "streams").orElse(0) == streams
                        && (window.isEmpty()
                                || Fields.number(sample, "window_bytes").equals(window)))
                .flatMapToDouble(sample -> Fields.number(sample, "bytes_per_s").stream())
                .filter(sample -> sample > 0)
                .toArray();
        return (samples.length > 0 ? Range.of(samples) : Range.exactly(rate)).atLeast(SPREAD_MIN);
    }

    private static Range window(@Nullable Double mib) {
        if (mib == null) {
            return STREAM_WINDOW;
        }
        if (!(mib > 0) || mib > 4096) {
            throw new IllegalArgumentException("--stream-window must be more than 0 and at most 4096 MiB");
        }
        return Range.exactly(mib * (1 << 20)).atLeast(0.1);
    }
}
