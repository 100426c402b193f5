package sago.bench.plan;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import sago.bench.macro.SagoRuns;
import sago.common.time.Clock;

/** Measures this host with real runs of Sago, both ends here, over folders of different sizes. Confined to one thread. */
final class HostProbe {
    /**
     * How to run.
     *
     * @param launcher {@code bin/sago}
     * @param port of the receiver on loopback
     * @param work scratch folder
     * @param rounds in which each folder has its turn
     */
    record Setup(String launcher, int port, Path work, int rounds) {}

    private final Setup setup;
    private final Clock clock;
    private final PrintStream progress;
    private final List<Run> runs = new ArrayList<>();

    HostProbe(Setup setup, Clock clock, PrintStream progress) {
        this.setup = setup;
        this.clock = clock;
        this.progress = progress;
    }

    /** Everything measured so far, in order. */
    List<Run> runs() {
        return List.copyOf(runs);
    }

    /** Full backup, unchanged backup and restore of each folder, round by round. */
    List<Run> measure(List<Sampled> folders) throws IOException, InterruptedException {
        int before = runs.size();
        for (int round = 1; round <= setup.rounds(); round++) {
            for (Sampled folder : folders) {
                measure(folder, round);
            }
        }
        return List.copyOf(runs.subList(before, runs.size()));
    }

    private void measure(Sampled folder, int round) throws IOException, InterruptedException {
        String name = folder.name();
        Path place = setup.work().resolve("run");
        try (SagoRuns sago = SagoRuns.start(setup.launcher(), setup.port(), clock, place)) {
            SagoRuns.Cost full = sago.backup(folder.folder());
            double stored = sago.storedBytes();
            SagoRuns.Cost unchanged = sago.backup(folder.folder());
            SagoRuns.Cost restore = sago.restore(setup.work().resolve("restored"));
            runs.add(new Run(name, Run.FULL, round, folder, full, stored));
            runs.add(new Run(name, Run.UNCHANGED, round, folder, unchanged, stored));
            runs.add(new Run(name, Run.RESTORE, round, folder, restore, stored));
            progress.printf(
                    Locale.ROOT,
                    "round %d  %-8s %7.2f GB  full %.1f s  unchanged %.1f s  restore %.1f s%n",
                    round,
                    name,
                    folder.gb(),
                    full.wallS(),
                    unchanged.wallS(),
                    restore.wallS());
        } finally {
            SagoRuns.delete(place);
        }
    }
}
