package sago.bench.report;

import static j2html.TagCreator.caption;
import static j2html.TagCreator.div;
import static j2html.TagCreator.h3;
import static j2html.TagCreator.span;
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
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.DoubleFunction;
import sago.bench.result.BenchResult;
import sago.bench.result.Fields;
import sago.bench.result.Samples;

/** Whole backups and restores beside rivals. */
final class ComparisonSection implements Section {
    private static final String OWN = "sago";

    /** What is drawn of each run. */
    private record Measure(String field, String title, DoubleFunction<String> format) {}

    private static final List<Measure> MEASURES = List.of(
            new Measure("wall_s", "wall time", Numbers::seconds),
            new Measure("cpu_s", "CPU time, both ends", Numbers::seconds));

    @Override
    public String title() {
        return "Beside other programs";
    }

    @Override
    public String lead() {
        return "Real processes of both ends on one machine, interleaved. Bars are medians, whiskers the smallest and the largest round;"
                + " n\u00a0× says how many times what Sago takes (more than 1: Sago takes less).";
    }

    @Override
    public List<DomContent> draw(BenchResult result) {
        Map<String, Map<String, List<Map<String, Object>>>> byData = new LinkedHashMap<>();
        for (Map<String, Object> sample : result.samples()) {
            if (Fields.number(sample, "wall_s").isPresent()) {
                byData.computeIfAbsent(Fields.text(sample, "data"), data -> new LinkedHashMap<>())
                        .computeIfAbsent(Fields.text(sample, "case"), run -> new ArrayList<>())
                        .add(sample);
            }
        }
        List<DomContent> drawn = new ArrayList<>();
        byData.forEach((data, cases) -> {
            drawn.add(h3(data.isEmpty() ? "data" : data));
            cases.forEach((run, samples) -> drawn.add(comparison(data, run, samples)));
        });
        return drawn;
    }

    private static DomContent comparison(String data, String run, List<Map<String, Object>> samples) {
        Map<String, List<Map<String, Object>>> bySystem = new LinkedHashMap<>();
        samples.forEach(sample -> bySystem.computeIfAbsent(Fields.text(sample, "system"), system -> new ArrayList<>())
                .add(sample));
        TrTag head = tr(th("system").attr("scope", "col"));
        MEASURES.forEach(measure -> head.with(th(measure.title()).attr("scope", "col")));
        head.with(th("memory, bytes").attr("scope", "col"));
        TbodyTag body = tbody();
        bySystem.forEach((system, own) -> {
            TrTag row = tr(th(system).attr("scope", "row"));
            MEASURES.forEach(measure -> row.with(cell(measure, data + ", " + run + ", " + system, system, bySystem)));
            body.with(row.with(td().with(footprint(own)).withClass("small")));
        });
        return table(caption(run.replace('_', ' ')), thead(head), body).withClass("bars");
    }

    private static DomContent cell(
            Measure measure, String what, String system, Map<String, List<Map<String, Object>>> bySystem) {
        Optional<Spread> spread = spread(bySystem.getOrDefault(system, List.of()), measure.field());
        if (spread.isEmpty()) {
            return td(Numbers.NONE);
        }
        double scale = bySystem.values().stream()
                .flatMap(samples -> spread(samples, measure.field()).stream())
                .mapToDouble(Spread::high)
                .max()
                .orElse(1);
        double median = spread.get().median();
        String ratio = spread(bySystem.getOrDefault(OWN, List.of()), measure.field())
                .filter(own -> !system.equals(OWN) && own.median() > 0)
                .map(own -> Numbers.ratio(median / own.median()))
                .orElse("");
        return td(
                div(
                                span(measure.format().apply(median)).withClass("value"),
                                span(ratio).withClass("ratio"))
                        .withClass("figures"),
                new Bars(scale, measure.format())
                        .bar(what + ", " + measure.title(), spread.get(), system.equals(OWN) ? "own" : "rival"));
    }

    private static Optional<Spread> spread(List<Map<String, Object>> samples, String field) {
        double[] values = samples.stream()
                .flatMapToDouble(sample -> Fields.number(sample, field).stream())
                .toArray();
        return values.length == 0 ? Optional.empty() : Optional.of(Spread.of(values));
    }

    private static List<DomContent> footprint(List<Map<String, Object>> samples) {
        List<DomContent> lines = new ArrayList<>();
        String client = Numbers.bytes(median(samples, "client_peak_bytes"));
        String server = Numbers.bytes(median(samples, "server_peak_bytes"));
        lines.add(div("peak " + client + " + " + server));
        median(samples, "wire_bytes").ifPresent(wire -> lines.add(div("wire " + Numbers.bytes(wire))));
        median(samples, "stored_bytes").ifPresent(stored -> lines.add(div("stored " + Numbers.bytes(stored))));
        return lines;
    }

    private static OptionalDouble median(List<Map<String, Object>> samples, String field) {
        double[] values = samples.stream()
                .flatMapToDouble(sample -> Fields.number(sample, field).stream())
                .toArray();
        return values.length == 0 ? OptionalDouble.empty() : OptionalDouble.of(Samples.median(values));
    }
}
