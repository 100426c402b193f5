package sago.bench.report;

import j2html.tags.DomContent;
import java.util.function.DoubleFunction;

/** A bar for each value on one scale, with a whisker from the smallest to the largest sample. */
final class Bars {
    private static final int HEIGHT = 14;

    private final double scale;
    private final DoubleFunction<String> format;

    /** @param scale the value at the right end */
    Bars(double scale, DoubleFunction<String> format) {
        this.scale = scale > 0 && Double.isFinite(scale) ? scale : 1;
        this.format = format;
    }

    /** @param style a class of the page's CSS: {@code own} or {@code rival} */
    DomContent bar(String what, Spread spread, String style) {
        String says = what + ": " + format.apply(spread.median()) + " (median of " + spread.count() + ", "
                + format.apply(spread.low()) + " to " + format.apply(spread.high()) + ")";
        Shape drawing = Shape.drawing(HEIGHT, says)
                .with(Shape.bar(0, spread.median() / scale, 1, HEIGHT - 2.0).withClass(style));
        if (spread.high() > spread.low()) {
            double left = spread.low() / scale;
            double right = spread.high() / scale;
            double middle = HEIGHT / 2.0;
            drawing.with(
                    Shape.line(left, middle, right, middle).withClass("whisker"),
                    Shape.line(left, 3, left, HEIGHT - 3.0).withClass("whisker"),
                    Shape.line(right, 3, right, HEIGHT - 3.0).withClass("whisker"));
        }
        return drawing;
    }
}
