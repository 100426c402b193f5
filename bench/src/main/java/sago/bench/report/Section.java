package sago.bench.report;

import j2html.tags.DomContent;
import java.util.List;
import sago.bench.result.BenchResult;

/** Draws the results of one kind. */
interface Section {
    /** The heading. */
    String title();

    /** What the reader sees and how to read it, in one or two sentences. */
    String lead();

    /** Empty where the result holds nothing that can be drawn. */
    List<DomContent> draw(BenchResult result);
}
