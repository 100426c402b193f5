package sago.bench.link;

import java.util.List;
import java.util.Locale;

/**
 * Says by arithmetic what held the best measurement back. Stateless.
 *
 * @param cores of this host
 * @param sendBufferBytes largest that the kernel gives a socket by itself; 0 where unknown
 * @param lineBytesPerS that the line is known to have; 0 where unknown
 */
record LinkLimit(int cores, long sendBufferBytes, long lineBytesPerS) {
    /** A part of a bound from which on it counts as reached. */
    private static final double REACHED = 0.8;

    /** A line that carries this part of its rate as payload is full. */
    private static final double FULL = 0.9;

    /** More than this above the next smaller number of connections is growth. */
    private static final double GROWTH = 1.08;

    /** Of a socket's buffer, the rest is the kernel's bookkeeping. */
    private static final double PAYLOAD = 0.5;

    /** Medians of the samples of one number of connections and one window. */
    record Point(int streams, long windowBytes, double bytesPerS, double rttS, double cores) {}

    /** @param points of the same window as the best one, ascending by number of connections */
    String of(Point best, List<Point> points) {
        double cpus = best.cores;
        if (lineBytesPerS > 0 && best.bytesPerS >= FULL * lineBytesPerS) {
            return String.format(Locale.ROOT, "link: its rate of %.0f Mbit/s is used up", lineBytesPerS * 8 / 1e6);
        }
        if (cpus >= REACHED * cores) {
            return String.format(
                    Locale.ROOT, "CPU: this end used %.1f of %d cores; a faster line would not help", cpus, cores);
        }
        double each = best.bytesPerS / best.streams * best.rttS;
        String underWay = String.format(Locale.ROOT, "%.1f MiB", each / (1 << 20));
        boolean largest = points.get(points.size() - 1).streams == best.streams;
        if (each >= REACHED * best.windowBytes) {
            return String.format(
                    Locale.ROOT,
                    "window: each connection has %s under way of %.1f MiB that it may (window / round trip = %.1f MB/s); a larger window or more connections help",
                    underWay,
                    best.windowBytes / (double) (1 << 20),
                    best.rttS == 0 ? Double.NaN : best.windowBytes / best.rttS / 1e6);
        }
        if (largest && growing(best, points)) {
            if (sendBufferBytes > 0 && each >= REACHED * PAYLOAD * sendBufferBytes) {
                return "socket buffers: each connection has " + underWay
                        + " under way, which fills the kernel's (net.ipv4.tcp_wmem); try more connections";
            }
            return "number of connections: " + best.streams
                    + " was the largest tried and still gained, as where packets are lost; try more";
        }
        return String.format(
                Locale.ROOT,
                "link: %.0f Mbit/s, and neither more connections nor the window (%s of %.1f MiB under way) nor CPU (%.1f of %d cores) hold it back",
                best.bytesPerS * 8 / 1e6,
                underWay,
                best.windowBytes / (double) (1 << 20),
                cpus,
                cores);
    }

    private static boolean growing(Point best, List<Point> points) {
        Point before = null;
        for (Point point : points) {
            if (point.streams < best.streams) {
                before = point;
            }
        }
        return before == null || best.bytesPerS >= GROWTH * before.bytesPerS;
    }
}
