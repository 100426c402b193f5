package sago.bench.report;

import static j2html.TagCreator.a;
import static j2html.TagCreator.body;
import static j2html.TagCreator.dd;
import static j2html.TagCreator.details;
import static j2html.TagCreator.div;
import static j2html.TagCreator.dl;
import static j2html.TagCreator.document;
import static j2html.TagCreator.dt;
import static j2html.TagCreator.footer;
import static j2html.TagCreator.h1;
import static j2html.TagCreator.h2;
import static j2html.TagCreator.head;
import static j2html.TagCreator.header;
import static j2html.TagCreator.html;
import static j2html.TagCreator.li;
import static j2html.TagCreator.main;
import static j2html.TagCreator.meta;
import static j2html.TagCreator.nav;
import static j2html.TagCreator.p;
import static j2html.TagCreator.rawHtml;
import static j2html.TagCreator.style;
import static j2html.TagCreator.summary;
import static j2html.TagCreator.title;
import static j2html.TagCreator.ul;

import j2html.tags.DomContent;
import j2html.tags.specialized.DlTag;
import j2html.tags.specialized.SectionTag;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import sago.bench.result.BenchResult;
import sago.bench.result.Fields;

/** The whole page. Immutable. */
final class Page {
    /** In the order of the page. */
    private static final Map<String, Section> SECTIONS = new TreeMap<>(Map.of(
            "e2e", new ComparisonSection(),
            "ladder", new LadderSection(),
            "link", new LinkSection(),
            "micro", new MicroSection(),
            "plan", new PlanSection()));

    private static final List<String> ORDER = List.of("ladder", "e2e", "link", "micro", "plan");

    private final String css;

    /** @param css is put into the page as it is */
    Page(String css) {
        this.css = css;
    }

    /** A result and the file that it comes from. */
    record Source(String file, BenchResult result) {}

    /** Kinds that can be drawn. */
    static List<String> kinds() {
        return ORDER;
    }

    /** @throws IllegalArgumentException if a result is of a kind that cannot be drawn */
    String render(List<Source> sources) {
        List<Source> ordered = new ArrayList<>();
        for (String kind : ORDER) {
            sources.stream()
                    .filter(source -> source.result().kind().equals(kind))
                    .forEach(ordered::add);
        }
        if (ordered.size() != sources.size()) {
            throw new IllegalArgumentException("a result of an unknown kind");
        }
        List<DomContent> sections = new ArrayList<>();
        List<DomContent> links = new ArrayList<>();
        for (int i = 0; i < ordered.size(); i++) {
            Section section = sectionOf(ordered.get(i).result().kind());
            String id = "r" + (i + 1);
            links.add(li(a(section.title()).withHref("#" + id)));
            sections.add(section(id, section, ordered.get(i)));
        }
        return document(html(
                        head(
                                meta().withCharset("utf-8"),
                                meta().withName("viewport").withContent("width=device-width, initial-scale=1"),
                                meta().withName("color-scheme").withContent("light dark"),
                                title("Sago, measured"),
                                style(rawHtml(css))),
                        body(
                                Shape.hatch(),
                                header(
                                        h1("Sago, measured"),
                                        p(
                                                "Absolute figures belong to the machine that is named with each result; ratios travel."),
                                        nav(ul().with(links)).attr("aria-label", "Results")),
                                main().with(sections),
                                footer(
                                        p(
                                                "Made by sago bench report from raw samples; this page needs no network and no script."))))
                .withLang("en"));
    }

    private static Section sectionOf(String kind) {
        Section section = SECTIONS.get(kind);
        if (section == null) {
            throw new IllegalArgumentException("no section for " + kind);
        }
        return section;
    }

    private static DomContent section(String id, Section section, Source source) {
        List<DomContent> drawn = section.draw(source.result());
        return new SectionTag()
                .with(h2(section.title()), p(section.lead()).withClass("lead"))
                .with(drawn.isEmpty() ? List.of(p("This result holds nothing that can be drawn.")) : drawn)
                .with(origin(source))
                .withId(id);
    }

    /** Machine, versions, date, settings and data. */
    private static DomContent origin(Source source) {
        BenchResult result = source.result();
        Map<String, Object> machine = result.machine();
        DlTag facts = dl();
        fact(facts, "measured", result.time());
        fact(
                facts,
                "machine",
                Fields.text(machine, "processors") + " × " + Fields.text(machine, "processor") + ", "
                        + Fields.text(machine, "memory") + ", " + Fields.text(machine, "kernel"));
        fact(facts, "java", Fields.text(machine, "java"));
        result.versions().forEach((name, version) -> fact(facts, name, String.valueOf(version)));
        fact(facts, "file", source.file());
        DlTag asked = dl();
        result.settings().forEach((name, value) -> {
            if (!(value instanceof Map<?, ?>)) {
                fact(asked, name, String.valueOf(value));
            }
        });
        for (Map<String, Object> data : result.data()) {
            fact(asked, "data " + Fields.text(data, "name"), described(data));
        }
        return div(facts)
                .condWith(asked.getNumChildren() > 0, details(summary("settings and data"), asked))
                .withClass("origin");
    }

    private static String described(Map<String, Object> data) {
        List<String> parts = new ArrayList<>();
        Fields.number(data, "bytes").ifPresent(bytes -> parts.add(Numbers.bytes(bytes)));
        for (String name : List.of("files", "entries")) {
            Fields.number(data, name).ifPresent(count -> parts.add(String.format("%,.0f %s", count, name)));
        }
        String again = Fields.text(data, "again");
        if (!again.isEmpty()) {
            parts.add(again);
        }
        return String.join(", ", parts);
    }

    private static void fact(DlTag facts, String name, String text) {
        if (!text.isBlank()) {
            facts.with(dt(name.replace('_', ' ')), dd(text));
        }
    }
}
