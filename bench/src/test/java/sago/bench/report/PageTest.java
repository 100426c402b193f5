package sago.bench.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import sago.bench.result.BenchResult;

class PageTest {
    private static final String HOSTILE = "<script>alert(1)</script>\"' onload='x";
    private static final Map<String, Object> MACHINE = Map.of("processors", 2, "processor", "Example 2000");

    private static BenchResult result(String kind, List<Map<String, Object>> samples, Map<String, Object> summary) {
        return new BenchResult(
                kind, "2026-11-22T01:00:00Z", MACHINE, Map.of("sago", "0.1.0"), List.of(), Map.of(), samples, summary);
    }

    private static String page(BenchResult... results) throws IOException {
        List<Page.Source> sources = new ArrayList<>();
        for (BenchResult result : results) {
            sources.add(new Page.Source(result.kind() + ".json", result));
        }
        return new Page(ReportCommand.styles()).render(sources);
    }

    private static BenchResult ladder(String data) {
        return result(
                "ladder",
                List.of(),
                Map.of(
                        data,
                        Map.of("read", 0.1, data, 0.9, "sum", 1.0, "whole_without_start", 1.25, "lost_share", 0.2)));
    }

    private static BenchResult comparison(String data) {
        List<Map<String, Object>> samples = new ArrayList<>();
        for (int round = 1; round <= 3; round++) {
            samples.add(Map.of(
                    "data",
                    data,
                    "case",
                    "full",
                    "system",
                    "sago",
                    "round",
                    round,
                    "wall_s",
                    9.0 + round,
                    "cpu_s",
                    10.0));
            samples.add(Map.of(
                    "data",
                    data,
                    "case",
                    "full",
                    "system",
                    data,
                    "round",
                    round,
                    "wall_s",
                    21.0 + round,
                    "cpu_s",
                    10.0));
        }
        return result("e2e", samples, Map.of());
    }

    private static BenchResult link(String limit) {
        return result(
                "link",
                List.of(
                        Map.of("streams", 1, "bytes_per_s", 2e7, "system", limit),
                        Map.of("streams", 2, "bytes_per_s", 4e7, "system", limit)),
                Map.of("streams", 2, "bytes_per_s", 4e7, "rtt_s", 0.1, "limit", limit));
    }

    private static BenchResult micro(String name) {
        return result(
                "micro",
                List.of(),
                Map.of(
                        "seal",
                        Map.of(
                                name,
                                Map.of(
                                        "median",
                                        6.1,
                                        "unit",
                                        "GB/s",
                                        "reference",
                                        name,
                                        "ratio_to_reference",
                                        0.93,
                                        "alloc_bytes_per_mib",
                                        12))));
    }

    private static BenchResult plan(String words) {
        Map<String, Object> range = Map.of("low", 1.0, "mid", 2.0, "high", 3.0);
        return result(
                "plan",
                List.of(),
                Map.of(
                        "figures", List.of(Map.of("words", words, "text", "1 h – 2 h (1.5 h)", "how", words)),
                        "bottlenecks", Map.of("full", words),
                        "waits", Map.of("full", Map.of("start_s", range, "link_s", range)),
                        "checks",
                                List.of(Map.of(
                                        "case", words, "predicted", "1 s", "measured_s", 1.1, "error_share", 0.1)),
                        "notes", List.of(words)));
    }

    @Test
    void namesInResultsStayText() throws IOException {
        String page = page(ladder(HOSTILE), comparison(HOSTILE), link(HOSTILE), micro(HOSTILE), plan(HOSTILE));
        assertThat(page).doesNotContain("<script").doesNotContain("' onload").doesNotContain("\"' ");
        assertThat(page).contains("&lt;script&gt;alert(1)&lt;/script&gt;");
    }

    @Test
    void hostileMachinesSettingsAndFilesStayText() throws IOException {
        BenchResult result = new BenchResult(
                "ladder",
                HOSTILE,
                Map.of("processor", HOSTILE, "java", HOSTILE),
                Map.of(HOSTILE, HOSTILE),
                List.of(Map.of("name", HOSTILE, "again", HOSTILE)),
                Map.of(HOSTILE, HOSTILE),
                List.of(),
                Map.of());
        String page = new Page("").render(List.of(new Page.Source(HOSTILE, result)));
        assertThat(page).doesNotContain("<script").doesNotContain("' onload");
    }

    @Test
    void everyKindIsDrawn() throws IOException {
        String page = page(plan("first full"), micro("floe"), link("window"), comparison("tree"), ladder("tree"));
        assertThat(page)
                .contains("20 % lost between")
                .contains("2.09 ×")
                .contains("best with 2 connections")
                .contains("0.93 ×")
                .contains("1 h – 2 h (1.5 h)")
                .contains("the bottleneck")
                .contains("Example 2000");
        assertThat(Pattern.compile("<svg").matcher(page).results().count()).isGreaterThan(7);
    }

    @Test
    void everyStepOfALadderHasAColourOfItsOwn() throws IOException {
        Map<String, Object> steps = new LinkedHashMap<>();
        for (int i = 0; i < 13; i++) {
            steps.put("step" + i, 1.0);
        }
        String page = page(result("ladder", List.of(), Map.of("tree", steps)));
        for (int i = 0; i < 13; i++) {
            assertThat(Pattern.compile("class=\"piece c" + i + "\"")
                            .matcher(page)
                            .results()
                            .count())
                    .isEqualTo(1);
            assertThat(page).contains(".c" + i + " {");
        }
    }

    @Test
    void kindsHaveOneOrderWhateverWasNamedFirst() throws IOException {
        String page = page(plan("first full"), ladder("tree"));
        assertThat(page.indexOf(">Ladder</h2>")).isPositive().isLessThan(page.indexOf(">Plan</h2>"));
    }

    @Test
    void thePageNeedsNothingFromOutside() throws IOException {
        String page = page(ladder("a"), comparison("a"), link("a"), micro("a"), plan("a"));
        String without = page.replace("http://www.w3.org/2000/svg", "");
        assertThat(without)
                .doesNotContain("http:")
                .doesNotContain("https:")
                .doesNotContain("src=")
                .doesNotContain("@import")
                .doesNotContain("<link");
    }

    @Test
    void everyDrawingHasAName() throws IOException {
        String page = page(ladder("a"), comparison("a"), link("a"), micro("a"), plan("a"));
        assertThat(Pattern.compile("role=\"img\" aria-label=\"[^\"]+\"><title>[^<]+</title>")
                        .matcher(page)
                        .results()
                        .count())
                .isEqualTo(
                        Pattern.compile("role=\"img\"").matcher(page).results().count())
                .isPositive();
    }

    @Test
    void whiskersReachFromTheSmallestToTheLargestRound() {
        String bar = new Bars(20, Numbers::seconds)
                .bar("x", Spread.of(5, 10, 20), "own")
                .toString();
        assertThat(bar).contains("width=\"50.00%\"").contains("x1=\"25.00%\"").contains("x2=\"100.00%\"");
    }

    @Test
    void damagedFiguresLeaveGapsInsteadOfFailing() throws IOException {
        String page = page(
                result("ladder", List.of(), Map.of("tree", "nothing", "logs", Map.of("read", "much"))),
                result("e2e", List.of(Map.of("wall_s", "long"), Map.of()), Map.of()),
                result("link", List.of(Map.of("streams", 1)), Map.of()),
                result("micro", List.of(), Map.of("seal", 3)),
                result("plan", List.of(), Map.of("figures", 1, "waits", List.of())));
        assertThat(Pattern.compile("holds nothing that can be drawn")
                        .matcher(page)
                        .results()
                        .count())
                .isEqualTo(5);
    }

    @Test
    void unknownKindsAreRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> page(result("weather", List.of(), Map.of())));
    }

    @Test
    void theScaleOfCurvesIsARoundFigureAbove() {
        assertThat(LinkSection.round(1.12e8)).isEqualTo(1.2e8);
        assertThat(LinkSection.round(9e6)).isEqualTo(1e7);
        assertThat(LinkSection.round(0)).isEqualTo(1);
    }
}
