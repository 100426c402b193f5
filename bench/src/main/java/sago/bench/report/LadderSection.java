package sago.bench.report;

import static j2html.TagCreator.caption;
import static j2html.TagCreator.div;
import static j2html.TagCreator.figcaption;
import static j2html.TagCreator.figure;
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
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.regex.Pattern;
import sago.bench.result.BenchResult;
import sago.bench.result.Fields;

/** What each step costs, stacked, beside what the whole system costs. */
final class LadderSection implements Section {
    private static final Pattern NO_STEP =
            Pattern.compile("sum|rounds|entries|files|whole.*|.*_(share|s|bytes|factor)");
    private static final int COLOURS = 13;
    private static final int HEIGHT = 30;

    /** Narrower pieces have no number in them. */
    private static final double NUMBERED_SHARE = 0.035;

    @Override
    public String title() {
        return "Ladder";
    }

    @Override
    public String lead() {
        return "Core-seconds for each GB of plaintext (10⁹ bytes), both ends together: each step alone, their sum, and the whole system"
                + " without its start. The hatched piece is what is lost between the steps.";
    }

    @Override
    public List<DomContent> draw(BenchResult result) {
        Map<String, Object> sets = result.summary();
        List<String> names = sets.keySet().stream()
                .filter(name -> !steps(Fields.object(sets, name)).isEmpty())
                .toList();
        if (names.isEmpty()) {
            return List.of();
        }
        Set<String> steps = new LinkedHashSet<>();
        double scale = 0;
        for (String name : names) {
            Map<String, Object> figures = Fields.object(sets, name);
            steps.addAll(steps(figures));
            scale = Math.max(scale, Math.max(sum(figures), whole(figures).orElse(0)));
        }
        List<DomContent> drawn = new ArrayList<>();
        List<String> ordered = List.copyOf(steps);
        for (String name : names) {
            drawn.add(stack(name, Fields.object(sets, name), ordered, scale));
        }
        drawn.add(legend(sets, names, ordered));
        return drawn;
    }

    private static List<String> steps(Map<String, Object> figures) {
        return figures.keySet().stream()
                .filter(name -> !NO_STEP.matcher(name).matches()
                        && Fields.number(figures, name).orElse(-1) >= 0)
                .toList();
    }

    private static double sum(Map<String, Object> figures) {
        return Fields.number(figures, "sum")
                .orElseGet(() -> steps(figures).stream()
                        .mapToDouble(step -> Fields.number(figures, step).orElse(0))
                        .sum());
    }

    private static OptionalDouble whole(Map<String, Object> figures) {
        OptionalDouble without = Fields.number(figures, "whole_without_start");
        return without.isPresent() ? without : Fields.number(figures, "whole");
    }

    private static DomContent stack(String name, Map<String, Object> figures, List<String> steps, double scale) {
        double sum = sum(figures);
        Shape parts =
                Shape.drawing(HEIGHT, name + ": the steps come to " + Numbers.perGb(sum) + " core-seconds per GB");
        double left = 0;
        for (int i = 0; i < steps.size(); i++) {
            double width = Fields.number(figures, steps.get(i)).orElse(0) / scale;
            parts.with(Shape.bar(left, width, 1, HEIGHT - 2.0).withClass("piece " + colour(i)));
            if (width >= NUMBERED_SHARE) {
                parts.with(Shape.words(left + width / 2, HEIGHT / 2.0 + 4, "middle", String.valueOf(i + 1))
                        .withClass("in-piece"));
            }
            left += width;
        }
        OptionalDouble whole = whole(figures);
        List<DomContent> rows = new ArrayList<>();
        rows.add(row("sum of the steps", sum, parts));
        if (whole.isPresent()) {
            double total = whole.getAsDouble();
            Shape bar = Shape.drawing(
                            HEIGHT, name + ": the whole system costs " + Numbers.perGb(total) + " core-seconds per GB")
                    .with(Shape.bar(0, Math.min(sum, total) / scale, 1, HEIGHT - 2.0)
                            .withClass("own"));
            if (total > sum) {
                bar.with(Shape.bar(sum / scale, (total - sum) / scale, 1, HEIGHT - 2.0)
                        .withClass("lost"));
            }
            rows.add(row("whole system", total, bar));
        }
        return figure(
                        figcaption(
                                span(name).withClass("name"),
                                span(lost(figures, sum, whole)).withClass("aside")),
                        div().with(rows))
                .withClass("stack");
    }

    private static String lost(Map<String, Object> figures, double sum, OptionalDouble whole) {
        OptionalDouble share = Fields.number(figures, "lost_share");
        if (share.isEmpty() && whole.isPresent() && whole.getAsDouble() > 0) {
            share = OptionalDouble.of(1 - sum / whole.getAsDouble());
        }
        return share.isPresent() ? Numbers.percent(share.getAsDouble()) + " lost between" : "no whole run";
    }

    private static DomContent row(String label, double value, Shape drawing) {
        return div(
                        span(label).withClass("label"),
                        span(Numbers.perGb(value)).withClass("value"),
                        div(drawing).withClass("plot"))
                .withClass("row");
    }

    private static String colour(int index) {
        return "c" + index % COLOURS;
    }

    private static DomContent legend(Map<String, Object> sets, List<String> names, List<String> steps) {
        TrTag head = tr(th("step").attr("scope", "col").attr("colspan", 2));
        names.forEach(name -> head.with(th(name).attr("scope", "col").withClass("number")));
        TbodyTag body = tbody();
        for (int i = 0; i < steps.size(); i++) {
            String step = steps.get(i);
            TrTag row = tr(
                    td(span(String.valueOf(i + 1)).withClass("key " + colour(i))),
                    th(step.replace('_', ' ')).attr("scope", "row"));
            names.forEach(name -> row.with(cell(Fields.object(sets, name), step)));
            body.with(row);
        }
        for (String name : List.of("sum", "whole_without_start", "whole")) {
            TrTag row =
                    tr(td(), th(name.replace('_', ' ')).attr("scope", "row")).withClass("total");
            names.forEach(set -> row.with(cell(Fields.object(sets, set), name)));
            body.with(row);
        }
        return div(table(caption("Core-seconds per GB of plaintext"), thead(head), body)
                        .withClass("legend"))
                .withClass("scroll");
    }

    private static DomContent cell(Map<String, Object> figures, String name) {
        OptionalDouble value = Fields.number(figures, name);
        return td(value.isPresent() ? Numbers.perGb(value.getAsDouble()) : Numbers.NONE)
                .withClass("number");
    }
}
