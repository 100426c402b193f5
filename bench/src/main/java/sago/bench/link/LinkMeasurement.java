package sago.bench.link;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import sago.bench.result.BenchResult;
import sago.bench.result.Fields;
import sago.bench.result.Machine;
import sago.bench.result.ResultFiles;
import sago.bench.result.Samples;
import sago.common.time.Clock;

/** All measurements of a link in interleaved rounds, their table and their result file. Confined to one thread. */
final class LinkMeasurement {
    private static final Path SEND_BUFFERS = Path.of("/proc/sys/net/ipv4/tcp_wmem");
    private static final double MEGABIT = 1e6 / 8;

    private final LinkOptions options;
    private final long lineBytesPerS;
    private final PrintStream terminal;
    private final Clock clock;
    private final List<LinkLoad.Sample> samples = new ArrayList<>();
    private final List<Integer> roundsOfSamples = new ArrayList<>();

    /** @param lineBytesPerS that the link is known to have; 0 where unknown */
    LinkMeasurement(LinkOptions options, long lineBytesPerS, PrintStream terminal, Clock clock) {
        this.options = options;
        this.lineBytesPerS = lineBytesPerS;
        this.terminal = terminal;
        this.clock = clock;
    }

    /** @param where what the link is, for the result */
    void run(LinkLoad load, Map<String, Object> where) throws IOException {
        String time = Instant.ofEpochMilli(clock.wallMs()).toString();
        terminal.println("round  streams  window MiB  Mbit/s  rtt ms  TCP rtt  set-up ms  CPU cores  control");
        for (int round = 1; round <= options.rounds(); round++) {
            for (long window : options.windows()) {
                for (int streams : options.streams()) {
                    LinkLoad.Sample sample = load.run(streams, window, options.seconds());
                    samples.add(sample);
                    roundsOfSamples.add(round);
                    terminal.printf(
                            Locale.ROOT,
                            "%5d  %7d  %10.1f  %6.0f  %6.1f  %9.1f  %9.0f  %9.2f  %s%n",
                            round,
                            streams,
                            window / (double) (1 << 20),
                            sample.bytesPerS() / MEGABIT,
                            sample.rttS() * 1e3,
                            sample.tcpRttS() * 1e3,
                            sample.setupS() * 1e3,
                            sample.cpuS() / sample.seconds(),
                            sample.congestionControl());
                }
            }
        }
        Map<String, Object> summary = summary();
        ResultFiles.write(
                new BenchResult("link", time, Machine.describe(), Map.of(), List.of(), settings(where), raw(), summary),
                options.out());
        terminal.println();
        terminal.println("best: " + summary.get("streams") + " connections, "
                + Math.round(Fields.number(summary, "bytes_per_s").orElse(0) / MEGABIT) + " Mbit/s");
        terminal.println("what limits: " + summary.get("limit"));
        terminal.println("written to " + options.out());
    }

    private Map<String, Object> settings(Map<String, Object> where) {
        Map<String, Object> settings = new LinkedHashMap<>(where);
        settings.put("streams", options.streams());
        settings.put("window_bytes", options.windows());
        settings.put("seconds", options.seconds());
        settings.put("rounds", options.rounds());
        return settings;
    }

    private List<Map<String, Object>> raw() {
        List<Map<String, Object>> raw = new ArrayList<>();
        for (int i = 0; i < samples.size(); i++) {
            LinkLoad.Sample sample = samples.get(i);
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("round", roundsOfSamples.get(i));
            map.put("streams", sample.streams());
            map.put("window_bytes", sample.windowBytes());
            map.put("bytes_per_s", sample.bytesPerS());
            map.put("bytes", sample.bytes());
            map.put("time_s", sample.seconds());
            map.put("rtt_s", sample.rttS());
            map.put("tcp_rtt_s", sample.tcpRttS());
            map.put("setup_s", sample.setupS());
            map.put("cpu_s", sample.cpuS());
            map.put("congestion_control", sample.congestionControl());
            raw.add(map);
        }
        return raw;
    }

    private Map<String, Object> summary() throws IOException {
        List<LinkLimit.Point> points = new ArrayList<>();
        for (long window : options.windows()) {
            for (int streams : options.streams()) {
                points.add(point(streams, window));
            }
        }
        LinkLimit.Point top = points.stream()
                .max(Comparator.comparingDouble(LinkLimit.Point::bytesPerS))
                .orElseThrow();
        // Of those that are as good as the best, the one with the fewest connections.
        LinkLimit.Point best = points.stream()
                .filter(point ->
                        point.windowBytes() == top.windowBytes() && point.bytesPerS() >= 0.97 * top.bytesPerS())
                .findFirst()
                .orElse(top);
        List<LinkLimit.Point> sameWindow = points.stream()
                .filter(point -> point.windowBytes() == best.windowBytes())
                .toList();
        Map<String, Object> summary = new LinkedHashMap<>();
        summary.put("streams", best.streams());
        summary.put("window_bytes", best.windowBytes());
        summary.put("bytes_per_s", best.bytesPerS());
        summary.put("rtt_s", best.rttS());
        summary.put(
                "limit",
                new LinkLimit(Runtime.getRuntime().availableProcessors(), sendBuffer(), lineBytesPerS)
                        .of(best, sameWindow));
        return summary;
    }

    private LinkLimit.Point point(int streams, long window) {
        List<LinkLoad.Sample> here = samples.stream()
                .filter(sample -> sample.streams() == streams && sample.windowBytes() == window)
                .toList();
        return new LinkLimit.Point(
                streams,
                window,
                median(here, LinkLoad.Sample::bytesPerS),
                median(here, LinkLoad.Sample::rttS),
                median(here, sample -> sample.cpuS() / sample.seconds()));
    }

    private static double median(List<LinkLoad.Sample> of, ToDoubleFunction<LinkLoad.Sample> value) {
        return Samples.median(of.stream().mapToDouble(value).toArray());
    }

    private static long sendBuffer() {
        try {
            String limits = Files.readString(SEND_BUFFERS).strip();
            return Long.parseLong(limits.substring(limits.lastIndexOf('\t') + 1));
        } catch (IOException | NumberFormatException unknown) {
            return 0;
        }
    }
}
