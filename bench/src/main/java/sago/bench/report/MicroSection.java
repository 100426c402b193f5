package sago.bench.report;

import static j2html.TagCreator.caption;
import static j2html.TagCreator.div;
import static j2html.TagCreator.table;
import static j2html.TagCreator.tbody;
import static j2html.TagCreator.td;
import static j2html.TagCreator.th;
import static j2html.TagCreator.thead;
import static j2html.TagCreator.tr;

import j2html.tags.DomContent;
import j2html.tags.specialized.TbodyTag;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import sago.bench.result.BenchResult;
import sago.bench.result.Fields;

/** Each step of the data path beside its reference. */
final class MicroSection implements Section {
    @Override
    public String title() {
        return "Steps beside their references";
    }

    @Override
    public String lead() {
        return "Medians of JMH, one thread unless said. The ratio is to the reference in the same run: 1\u00a0× is as fast, more is faster."
                + " Allocation is bytes on the heap for each MiB that goes through.";
    }

    @Override
    public List<DomContent> draw(BenchResult result) {
        List<DomContent> drawn = new ArrayList<>();
        for (String step : result.summary().keySet()) {
            Map<String, Object> benchmarks = Fields.object(result.summary(), step);
            TbodyTag body = tbody();
            double fastest = benchmarks.keySet().stream()
                    .mapToDouble(name -> Fields.number(Fields.object(benchmarks, name), "median")
                            .orElse(0))
                    .max()
                    .orElse(0);
            benchmarks.keySet().forEach(name -> row(name, Fields.object(benchmarks, name), fastest, body));
            if (body.getNumChildren() > 0) {
                drawn.add(table(
                                caption(step),
                                thead(tr(
                                        th("variant").attr("scope", "col"),
                                        th("speed").attr("scope", "col"),
                                        th("to its reference").attr("scope", "col"),
                                        th("B per MiB").attr("scope", "col").withClass("number"))),
                                body)
                        .withClass("bars micro"));
            }
        }
        return drawn;
    }

    private static void row(String name, Map<String, Object> figures, double fastest, TbodyTag body) {
        OptionalDouble median = Fields.number(figures, "median");
        if (median.isEmpty()) {
            return;
        }
        String unit = Fields.text(figures, "unit");
        OptionalDouble ratio = Fields.number(figures, "ratio_to_reference");
        OptionalDouble allocation = Fields.number(figures, "alloc_bytes_per_mib");
        double value = median.getAsDouble();
        body.with(tr(
                th(name).attr("scope", "row"),
                td(
                        div(Numbers.plain(value) + " " + unit).withClass("figures"),
                        new Bars(fastest, speed -> Numbers.plain(speed) + " " + unit)
                                .bar(name, Spread.of(value), ratio.isPresent() ? "own" : "rival")),
                td(ratio.isPresent()
                                ? Numbers.ratio(ratio.getAsDouble()) + " " + variant(Fields.text(figures, "reference"))
                                : "reference")
                        .withClass("small"),
                td(allocation.isPresent() ? Numbers.plain(allocation.getAsDouble()) : Numbers.NONE)
                        .withClass("number")));
    }

    /** Of a name with parameters, which are those of the row itself. */
    private static String variant(String reference) {
        int end = reference.indexOf(' ');
        return end < 0 ? reference : reference.substring(0, end);
    }
}
