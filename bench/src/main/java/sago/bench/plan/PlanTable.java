package sago.bench.plan;

import java.io.PrintStream;
import java.util.Locale;

/** A plan for people. */
final class PlanTable {
    private final PrintStream out;
    private final boolean explain;

    PlanTable(PrintStream out, boolean explain) {
        this.out = out;
        this.explain = explain;
    }

    void print(Plan plan) {
        int width = plan.figures().stream()
                .mapToInt(figure -> figure.words().length())
                .max()
                .orElse(0);
        for (Figure figure : plan.figures()) {
            out.printf(
                    Locale.ROOT,
                    "%-" + width + "s  %s%n",
                    figure.words(),
                    figure.unit().text(figure.range()));
            if (explain) {
                out.println("    " + figure.how());
            }
        }
        out.println();
        bottleneck("full backup", plan.full());
        bottleneck("incremental", plan.incremental());
        bottleneck("restore", plan.restore());
        out.println();
        plan.notes().forEach(note -> out.println("- " + note));
    }

    private void bottleneck(String run, Estimate estimate) {
        out.printf("%-12s is limited by %s%n", run, estimate.bottleneck().words());
        if (explain) {
            estimate.waits().forEach((resource, wait) -> {
                if (wait.mid() > 0) {
                    out.printf("    %-42s %s%n", resource.words(), Unit.SECONDS.text(wait));
                }
            });
        }
    }
}
