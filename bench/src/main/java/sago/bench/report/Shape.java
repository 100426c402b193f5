package sago.bench.report;

import j2html.tags.ContainerTag;
import java.util.Locale;

/** An element of an inline SVG. Lengths along the drawing are percentages, so that it fits every width and its text keeps its size. */
final class Shape extends ContainerTag<Shape> {
    private static final String NAMESPACE = "http://www.w3.org/2000/svg";

    private Shape(String name) {
        super(name);
    }

    /** A drawing as wide as its place, with a name for those who cannot see it. */
    static Shape drawing(int height, String says) {
        return new Shape("svg")
                .attr("xmlns", NAMESPACE)
                .attr("width", "100%")
                .attr("height", height)
                .attr("role", "img")
                .attr("aria-label", says)
                .with(new Shape("title").withText(says));
    }

    /** Not a drawing: the pattern {@code hatch} for all of the page. */
    static Shape hatch() {
        Shape pattern = new Shape("pattern")
                .attr("id", "hatch")
                .attr("width", "7")
                .attr("height", "7")
                .attr("patternUnits", "userSpaceOnUse")
                .attr("patternTransform", "rotate(45)")
                .with(new Shape("line").attr("x2", "0").attr("y2", "7").withClass("hatch"));
        return new Shape("svg")
                .attr("xmlns", NAMESPACE)
                .attr("width", "0")
                .attr("height", "0")
                .attr("aria-hidden", "true")
                .withClass("patterns")
                .with(new Shape("defs").with(pattern));
    }

    /** A bar from left to left + width, both of 1. */
    static Shape bar(double left, double width, double top, double height) {
        return new Shape("rect")
                .attr("x", percent(left))
                .attr("width", percent(Math.max(0, width)))
                .attr("y", number(top))
                .attr("height", number(height));
    }

    static Shape line(double x1, double y1, double x2, double y2) {
        return new Shape("line")
                .attr("x1", percent(x1))
                .attr("y1", number(y1))
                .attr("x2", percent(x2))
                .attr("y2", number(y2));
    }

    static Shape dot(double x, double y) {
        return new Shape("circle").attr("cx", percent(x)).attr("cy", number(y)).attr("r", "4");
    }

    /** @param anchor {@code start}, {@code middle} or {@code end} */
    static Shape words(double x, double y, String anchor, String text) {
        return new Shape("text")
                .attr("x", percent(x))
                .attr("y", number(y))
                .attr("text-anchor", anchor)
                .withText(text);
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.2f%%", 100 * Math.min(1, Math.max(0, share)));
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }
}
