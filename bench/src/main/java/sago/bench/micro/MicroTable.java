package sago.bench.micro;

import java.io.PrintStream;
import java.util.List;
import java.util.Locale;

/** Results for people: for each benchmark its speed, what it is compared with, and the ratio. */
final class MicroTable {
    private MicroTable() {}

    static void print(Step step, List<MicroSummary.Line> lines, PrintStream to) {
        to.printf(Locale.ROOT, "%s%n", step.label());
        int width = lines.stream().mapToInt(line -> line.name().length()).max().orElse(0);
        for (MicroSummary.Line line : lines) {
            StringBuilder text = new StringBuilder(String.format(
                    Locale.ROOT,
                    "  %-" + width + "s %10s %s",
                    line.name(),
                    speed(line.median()),
                    step.unit().text()));
            if (!line.isReference() && !Double.isNaN(line.ratio())) {
                text.append(String.format(
                        Locale.ROOT,
                        "  %5.2f × %s",
                        line.ratio(),
                        line.reference().split(" ", 2)[0]));
            }
            line.allocBytesPerMib().ifPresent(bytes -> text.append(String.format(Locale.ROOT, "  %.0f B/MiB", bytes)));
            to.println(text);
        }
    }

    private static String speed(double score) {
        return String.format(Locale.ROOT, score < 100 ? "%.2f" : "%,.0f", score);
    }
}
