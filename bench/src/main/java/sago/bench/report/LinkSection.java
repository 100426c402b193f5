package sago.bench.report;

import static j2html.TagCreator.caption;
import static j2html.TagCreator.div;
import static j2html.TagCreator.figcaption;
import static j2html.TagCreator.figure;
import static j2html.TagCreator.p;
import static j2html.TagCreator.table;
import static j2html.TagCreator.tbody;
import static j2html.TagCreator.td;
import static j2html.TagCreator.th;
import static j2html.TagCreator.thead;
import static j2html.TagCreator.tr;

import j2html.tags.DomContent;
import j2html.tags.specialized.TbodyTag;
import j2html.tags.specialized.TrTag;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import sago.bench.result.BenchResult;
import sago.bench.result.Fields;
import sago.common.cli.Units;

/** What a link carries, by the number of connections. */
final class LinkSection implements Section {
    private static final List<String> SERIES = List.of("system", "tool", "congestion_control", "window_bytes");
    private static final int HEIGHT = 240;
    private static final double TOP = 14;
    private static final double BOTTOM = 26;
    private static final double LEFT = 0.13;
    private static final double RIGHT = 0.95;
    private static final int GRID = 4;
    private static final int COLOURS = 10;

    @Override
    public String title() {
        return "Link";
    }

    @Override
    public String lead() {
        return "Throughput by number of connections. Points are medians, vertical lines go from the slowest to the fastest round.";
    }

    @Override
    public List<DomContent> draw(BenchResult result) {
        Map<String, SortedMap<Integer, List<Double>>> series = series(result);
        if (series.isEmpty()) {
            return List.of();
        }
        Map<String, SortedMap<Integer, Spread>> curves = new LinkedHashMap<>();
        series.forEach((name, points) -> {
            SortedMap<Integer, Spread> spreads = new TreeMap<>();
            points.forEach((streams, rates) -> spreads.put(
                    streams,
                    Spread.of(rates.stream().mapToDouble(Double::doubleValue).toArray())));
            curves.put(name, spreads);
        });
        List<DomContent> drawn = new ArrayList<>();
        drawn.add(p(found(result)).withClass("finding"));
        drawn.add(curves(curves));
        drawn.add(figures(curves));
        return drawn;
    }

    private static Map<String, SortedMap<Integer, List<Double>>> series(BenchResult result) {
        Map<String, SortedMap<Integer, List<Double>>> series = new LinkedHashMap<>();
        for (Map<String, Object> sample : result.samples()) {
            OptionalDouble streams = Fields.number(sample, "streams");
            OptionalDouble rate = Fields.number(sample, "bytes_per_s");
            if (streams.isPresent() && rate.isPresent() && rate.getAsDouble() >= 0) {
                series.computeIfAbsent(name(sample), name -> new TreeMap<>())
                        .computeIfAbsent((int) streams.getAsDouble(), count -> new ArrayList<>())
                        .add(rate.getAsDouble());
            }
        }
        return series;
    }

    private static String name(Map<String, Object> sample) {
        List<String> parts = new ArrayList<>();
        for (String key : SERIES) {
            String text = key.endsWith("_bytes")
                    ? Fields.number(sample, key).stream()
                            .mapToObj(bytes -> "window " + Numbers.plain(bytes / (1 << 20)) + " MiB")
                            .findFirst()
                            .orElse("")
                    : Fields.text(sample, key);
            if (!text.isEmpty()) {
                parts.add(text);
            }
        }
        return parts.isEmpty() ? "throughput" : String.join(", ", parts);
    }

    private static String found(BenchResult result) {
        List<String> parts = new ArrayList<>();
        Fields.number(result.summary(), "streams")
                .ifPresent(streams -> parts.add("best with " + Units.count((long) streams, "connection")));
        Fields.number(result.summary(), "bytes_per_s").ifPresent(rate -> parts.add(Numbers.rate(rate)));
        Fields.number(result.summary(), "rtt_s")
                .ifPresent(rtt -> parts.add("round trip " + Numbers.plain(rtt * 1000) + " ms"));
        String limit = Fields.text(result.summary(), "limit");
        if (!limit.isEmpty()) {
            parts.add(limit);
        }
        return String.join(" · ", parts);
    }

    private static DomContent curves(Map<String, SortedMap<Integer, Spread>> curves) {
        TreeSet<Integer> counts = new TreeSet<>();
        double top = 0;
        for (SortedMap<Integer, Spread> points : curves.values()) {
            counts.addAll(points.keySet());
            top = Math.max(
                    top,
                    points.values().stream().mapToDouble(Spread::high).max().orElse(0));
        }
        Axes axes = new Axes(List.copyOf(counts), round(top));
        Shape drawing = Shape.drawing(HEIGHT, "Throughput by number of connections; the table below has the figures");
        axes.draw(drawing);
        int index = 0;
        for (Map.Entry<String, SortedMap<Integer, Spread>> curve : curves.entrySet()) {
            axes.draw(drawing, index, curve.getValue());
            index++;
        }
        return figure(
                        figcaption("MB/s (upright) by connections (across)"
                                + (curves.size() > 1 ? "; numbers are the columns below" : "")),
                        drawing)
                .withClass("curves");
    }

    /** The next figure of the kind 1, 2, 5 times a power of ten. */
    static double round(double top) {
        if (top <= 0) {
            return 1;
        }
        double power = Math.pow(10, Math.floor(Math.log10(top)));
        for (double step : new double[] {1, 1.2, 1.6, 2, 3, 4, 5, 6, 8}) {
            if (top <= step * power) {
                return step * power;
            }
        }
        return 10 * power;
    }

    /** Where points lie: one step across for each number of connections. */
    private record Axes(List<Integer> counts, double top) {
        double x(int count) {
            int last = Math.max(1, counts.size() - 1);
            return LEFT + (RIGHT - LEFT) * counts.indexOf(count) / last;
        }

        double y(double rate) {
            return TOP + (HEIGHT - TOP - BOTTOM) * (1 - rate / top);
        }

        void draw(Shape drawing) {
            for (int i = 0; i <= GRID; i++) {
                double rate = top * i / GRID;
                drawing.with(
                        Shape.line(LEFT, y(rate), RIGHT, y(rate)).withClass("grid"),
                        Shape.words(LEFT - 0.02, y(rate) + 4, "end", axis(rate / 1e6))
                                .withClass("axis"));
            }
            counts.forEach(count -> drawing.with(Shape.words(x(count), HEIGHT - 8.0, "middle", String.valueOf(count))
                    .withClass("axis")));
        }

        private static String axis(double megabytes) {
            return megabytes == Math.rint(megabytes)
                    ? String.valueOf(Math.round(megabytes))
                    : String.format(Locale.ROOT, "%.1f", megabytes);
        }

        void draw(Shape drawing, int index, SortedMap<Integer, Spread> points) {
            String colour = "s" + index % COLOURS;
            Map.Entry<Integer, Spread> before = null;
            for (Map.Entry<Integer, Spread> point : points.entrySet()) {
                double x = x(point.getKey());
                Spread rate = point.getValue();
                if (before != null) {
                    drawing.with(
                            Shape.line(x(before.getKey()), y(before.getValue().median()), x, y(rate.median()))
                                    .withClass("curve " + colour));
                }
                drawing.with(Shape.line(x, y(rate.low()), x, y(rate.high())).withClass("whisker"));
                drawing.with(Shape.dot(x, y(rate.median())).withClass("point " + colour));
                before = point;
            }
            if (before != null) {
                drawing.with(Shape.words(
                                Math.min(0.99, x(before.getKey()) + 0.025),
                                y(before.getValue().median()) + 4,
                                "start",
                                String.valueOf(index + 1))
                        .withClass("axis"));
            }
        }
    }

    private static DomContent figures(Map<String, SortedMap<Integer, Spread>> curves) {
        TrTag head = tr(th("connections").attr("scope", "col"));
        List<String> names = List.copyOf(curves.keySet());
        for (int i = 0; i < names.size(); i++) {
            head.with(th(i + 1 + " · " + names.get(i)).attr("scope", "col").withClass("number"));
        }
        TreeSet<Integer> counts = new TreeSet<>();
        curves.values().forEach(points -> counts.addAll(points.keySet()));
        TbodyTag body = tbody();
        for (int count : counts) {
            TrTag row = tr(th(String.valueOf(count)).attr("scope", "row"));
            curves.values().forEach(points -> {
                Spread rate = points.get(count);
                row.with(td(rate == null ? Numbers.NONE : Numbers.rate(rate.median()))
                        .withClass("number"));
            });
            body.with(row);
        }
        return div(table(caption("Medians"), thead(head), body)).withClass("scroll");
    }
}
