package sago.bench.plan;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import sago.bench.data.Change;
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

    /** A repository and two more restores, and some to spare. */
    private static final int ROOM_IN_FOLDERS = 4;

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

    /** Full backup, unchanged backup, restore, and a backup after all files got another time, of each folder, round by round. */
    List<Run> measure(List<Sampled> folders) throws IOException, InterruptedException {
        int before = runs.size();
        for (int round = 1; round <= setup.rounds(); round++) {
            for (Sampled folder : folders) {
                measure(folder, round, new Turn(Run.REREAD, () -> touch(folder.folder()), () -> {}));
            }
        }
        return List.copyOf(runs.subList(before, runs.size()));
    }

    /** Full backup, unchanged backup, restore, and a backup after a change, which is taken back, round by round. */
    List<Run> measure(Sampled folder, Change change) throws IOException, InterruptedException {
        int before = runs.size();
        for (int round = 1; round <= setup.rounds(); round++) {
            measure(folder, round, new Turn(Run.CHANGED, change::apply, change::revert));
        }
        return List.copyOf(runs.subList(before, runs.size()));
    }

    /** Work on files before or after a run. */
    private interface Work {
        void run() throws IOException;
    }

    /** The last backup of a folder, and what happens to its files for it. */
    private record Turn(String kind, Work before, Work after) {}

    private static void touch(Path folder) throws IOException {
        FileTime now = FileTime.from(Instant.ofEpochMilli(Clock.system().wallMs()));
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                if (attributes.isRegularFile()) {
                    Files.setLastModifiedTime(file, now);
                }
                return FileVisitResult.CONTINUE;
            }
        });
    }

    /** Before ext4 takes an inode it looks at each one that was freed in the last minutes: deleted at once, files make the next restore slow. */
    private static void keepWhileThereIsRoom(Path restored, Sampled folder) throws IOException {
        if (Files.getFileStore(restored).getUsableSpace() < ROOM_IN_FOLDERS * folder.gb() * 1e9) {
            SagoRuns.delete(restored);
            Files.createDirectories(restored);
        }
    }

    private void measure(Sampled folder, int round, Turn last) throws IOException, InterruptedException {
        String name = folder.name();
        Path place = setup.work().resolve("run");
        Path restored = Files.createDirectories(setup.work().resolve("restored"));
        try (SagoRuns sago = SagoRuns.start(setup.launcher(), setup.port(), clock, place)) {
            SagoRuns.Cost full = sago.backup(folder.folder());
            double stored = sago.storedBytes();
            SagoRuns.Cost unchanged = sago.backup(folder.folder());
            SagoRuns.Cost restore = sago.restore(restored.resolve(name + "-" + runs.size()));
            keepWhileThereIsRoom(restored, folder);
            last.before.run();
            SagoRuns.Cost turned;
            try {
                turned = sago.backup(folder.folder());
            } finally {
                last.after.run();
            }
            runs.add(new Run(name, Run.FULL, round, folder, full, stored));
            runs.add(new Run(name, Run.UNCHANGED, round, folder, unchanged, stored));
            runs.add(new Run(name, Run.RESTORE, round, folder, restore, stored));
            runs.add(new Run(name, last.kind, round, folder, turned, stored));
            progress.printf(
                    Locale.ROOT,
                    "round %d  %-8s %7.2f GB  full %.1f s  unchanged %.1f s  restore %.1f s  %s %.1f s%n",
                    round,
                    name,
                    folder.gb(),
                    full.wallS(),
                    unchanged.wallS(),
                    restore.wallS(),
                    last.kind,
                    turned.wallS());
        } finally {
            SagoRuns.delete(place);
        }
    }
}
