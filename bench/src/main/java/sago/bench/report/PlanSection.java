package sago.bench.report;

import static j2html.TagCreator.caption;
import static j2html.TagCreator.div;
import static j2html.TagCreator.h3;
import static j2html.TagCreator.li;
import static j2html.TagCreator.table;
import static j2html.TagCreator.tbody;
import static j2html.TagCreator.td;
import static j2html.TagCreator.th;
import static j2html.TagCreator.thead;
import static j2html.TagCreator.tr;
import static j2html.TagCreator.ul;

import j2html.tags.DomContent;
import j2html.tags.specialized.TbodyTag;
import j2html.tags.specialized.UlTag;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import sago.bench.result.BenchResult;
import sago.bench.result.Fields;

/** What a job needs. */
final class PlanSection implements Section {
    private static final List<String> RUNS = List.of("full", "incremental", "restore");

    @Override
    public String title() {
        return "Plan";
    }

    @Override
    public String lead() {
        return "Ranges from low to high, the most likely figure in brackets. Below: how long each run would take if only one resource"
                + " limited it; the longest is the bottleneck.";
    }

    @Override
    public List<DomContent> draw(BenchResult result) {
        List<DomContent> drawn = new ArrayList<>();
        TbodyTag body = tbody();
        for (Map<String, Object> figure : Fields.objects(result.summary(), "figures")) {
            body.with(tr(
                    th(Fields.text(figure, "words")).attr("scope", "row"),
                    td(Fields.text(figure, "text")).withClass("range"),
                    td(Fields.text(figure, "how")).withClass("small how")));
        }
        if (body.getNumChildren() > 0) {
            drawn.add(table(
                            caption(job(result)),
                            thead(tr(
                                    th("what").attr("scope", "col"),
                                    th("low – high (most likely)").attr("scope", "col"),
                                    th("why").attr("scope", "col"))),
                            body)
                    .withClass("plan"));
        }
        Map<String, Object> waits = Fields.object(result.summary(), "waits");
        Map<String, Object> limits = Fields.object(result.summary(), "bottlenecks");
        RUNS.forEach(run -> addWaits(run, Fields.object(waits, run), Fields.text(limits, run), drawn));
        addChecks(result, drawn);
        addNotes(result, drawn);
        return drawn;
    }

    private static String job(BenchResult result) {
        Map<String, Object> job = Fields.object(result.settings(), "job");
        return "Protect " + Numbers.bytes(Fields.number(job, "protect_bytes")) + ", "
                + Numbers.percent(Fields.number(job, "change_share_per_day").orElse(0)) + " of it changes in a day";
    }

    private static void addWaits(String run, Map<String, Object> waits, String limit, List<DomContent> drawn) {
        double scale = waits.keySet().stream()
                .filter(name -> !name.equals("start_s"))
                .mapToDouble(name ->
                        Fields.number(Fields.object(waits, name), "high").orElse(0))
                .max()
                .orElse(0);
        TbodyTag body = tbody();
        for (String name : waits.keySet()) {
            Map<String, Object> wait = Fields.object(waits, name);
            double mid = Fields.number(wait, "mid").orElse(0);
            if (mid <= 0 || name.equals("start_s")) {
                continue;
            }
            Spread spread = new Spread(
                    Fields.number(wait, "low").orElse(mid),
                    mid,
                    Fields.number(wait, "high").orElse(mid),
                    1);
            boolean longest = waits.values().stream()
                    .filter(other -> !Objects.equals(other, waits.get("start_s")))
                    .noneMatch(other -> other instanceof Map<?, ?> map
                            && map.get("mid") instanceof Number number
                            && number.doubleValue() > mid);
            body.with(tr(
                    th(name.replaceFirst("_s$", "").replace('_', ' ')).attr("scope", "row"),
                    td(
                            div(Numbers.seconds(mid) + (longest ? " · the bottleneck" : ""))
                                    .withClass("figures"),
                            new Bars(scale, Numbers::seconds)
                                    .bar(run + ", " + name, spread, longest ? "own" : "rival"))));
        }
        if (body.getNumChildren() > 0) {
            drawn.add(table(
                            caption(run + " is limited by " + limit),
                            thead(tr(
                                    th("resource").attr("scope", "col"),
                                    th("alone it would take").attr("scope", "col"))),
                            body)
                    .withClass("bars waits"));
        }
    }

    private static void addChecks(BenchResult result, List<DomContent> drawn) {
        TbodyTag body = tbody();
        for (Map<String, Object> check : Fields.objects(result.summary(), "checks")) {
            body.with(tr(
                    th(Fields.text(check, "case")).attr("scope", "row"),
                    td(Fields.text(check, "predicted")),
                    td(Numbers.seconds(Fields.number(check, "measured_s").orElse(0))),
                    td(Numbers.percent(Fields.number(check, "error_share").orElse(0)))
                            .withClass("number")));
        }
        if (body.getNumChildren() > 0) {
            drawn.add(table(
                            caption("The plan against real runs"),
                            thead(tr(
                                    th("case").attr("scope", "col"),
                                    th("predicted").attr("scope", "col"),
                                    th("measured").attr("scope", "col"),
                                    th("error").attr("scope", "col").withClass("number"))),
                            body)
                    .withClass("plan"));
        }
    }

    private static void addNotes(BenchResult result, List<DomContent> drawn) {
        UlTag list = ul();
        if (result.summary().get("notes") instanceof List<?> notes) {
            notes.forEach(note -> list.with(li(String.valueOf(note))));
        }
        if (list.getNumChildren() > 0) {
            drawn.add(h3("What it rests on"));
            drawn.add(list);
        }
    }
}
