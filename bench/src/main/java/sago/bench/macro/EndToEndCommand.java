package sago.bench.macro;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import sago.bench.data.DataSets;
import sago.bench.result.BenchResult;
import sago.bench.result.ResultFiles;
import sago.common.time.Clock;

/** {@code sago bench e2e}. */
@Command(
        name = "e2e",
        mixinStandardHelpOptions = true,
        description =
                "Whole backups and restores beside other programs: real processes of both ends on loopback, the same data, interleaved.",
        footer = "%nExample: bin/sago bench e2e --data tree:4G logs:4G --against restic,rsync --rounds 5")
public final class EndToEndCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(
            names = "--data",
            arity = "1..*",
            paramLabel = "DIR|KIND[:SIZE]",
            description =
                    "Folders to back up, or data to generate, as bench data has them: tree, logs, random, small. 4 GB or more for figures.")
    private List<String> data = new ArrayList<>();

    @Option(
            names = "--image",
            paramLabel = "FILE|image[:SIZE]",
            description = "One image of a disk, a file or generated: sago backup --image beside the others.")
    private @Nullable String image;

    @Option(
            names = "--against",
            split = ",",
            paramLabel = "RIVAL",
            description =
                    "restic, borg, rsync, rclone; those that are missing are named with their Debian packages and left out.")
    private List<String> against = new ArrayList<>();

    @Option(names = "--rounds", defaultValue = "5", paramLabel = "N", description = "Medians of so many (default 5).")
    private int rounds;

    @Option(
            names = "--cases",
            split = ",",
            paramLabel = "CASE",
            description = "full, unchanged, changed, restore, resume (default: all).")
    private List<String> cases = List.of("full", "unchanged", "changed", "restore", "resume");

    @Option(names = "--seed", defaultValue = "1", paramLabel = "N", description = "Of generated data (default 1).")
    private long seed;

    @Option(
            names = "--work",
            defaultValue = "/var/tmp",
            paramLabel = "DIR",
            description =
                    "Where a scratch folder is made and deleted: room for the data, their copy, a repository (default /var/tmp).")
    private Path work;

    @Option(
            names = "--out",
            defaultValue = "sago-bench-e2e.json",
            paramLabel = "FILE",
            description = "Where the result goes (default sago-bench-e2e.json).")
    private Path out;

    @Option(names = "--compression", paramLabel = "HOW", description = "Passed on to sago backup.")
    private @Nullable String compression;

    @Option(
            names = "--port",
            defaultValue = "7620",
            paramLabel = "PORT",
            description = "First of five ports on 127.0.0.1 (default 7620).")
    private int port;

    @Option(names = "--launcher", defaultValue = "${env:SAGO_LAUNCHER}", hidden = true)
    private String launcher;

    private final PrintStream terminal = System.out;

    @Override
    public Integer call() throws IOException, InterruptedException {
        EndToEnd.Plan plan = new EndToEnd.Plan(wanted(), positive(rounds), cases());
        List<BackupSystem> systems = systems();
        Clock clock = Clock.system();
        Path scratch = Files.createDirectories(work)
                .toRealPath()
                .resolve("sago-e2e-" + ProcessHandle.current().pid());
        Sandbox sandbox = Sandbox.open(scratch, clock);
        Thread whenInterrupted = new Thread(() -> endEarly(sandbox), "end");
        Runtime.getRuntime().addShutdownHook(whenInterrupted);
        BenchResult result;
        try {
            result = new EndToEnd(plan, systems, sandbox, clock, terminal)
                    .run(settings(), Instant.ofEpochMilli(clock.wallMs()).toString());
        } finally {
            sandbox.close();
        }
        Runtime.getRuntime().removeShutdownHook(whenInterrupted);
        ResultFiles.write(result, out);
        terminal.println();
        terminal.println("written to " + out);
        return 0;
    }

    private static void endEarly(Sandbox sandbox) {
        try {
            sandbox.close();
            System.err.println("sago: ended early: no result, processes stopped, " + sandbox.scratch() + " deleted");
        } catch (IOException e) {
            System.err.println("sago: ended early: no result, processes stopped; delete " + sandbox.scratch()
                    + " yourself: " + e.getMessage());
        }
    }

    private List<Material.Wanted> wanted() {
        if (data.isEmpty() && image == null) {
            throw wrong("nothing to back up: --data DIR, --data tree:4G, or --image FILE");
        }
        List<Material.Wanted> wanted = new ArrayList<>();
        for (String text : data) {
            if (!DataSets.isDataSet(text) && !Files.isDirectory(Path.of(text))) {
                throw wrong(text + " is neither a folder nor data that can be generated: tree, logs, random, small");
            }
            wanted.add(checked(new Material.Wanted(text, false, seed)));
        }
        if (image != null) {
            if (!DataSets.isDataSet(image) && !Files.isRegularFile(Path.of(image))) {
                throw wrong(image + " is no file: name one, or let one be generated by image:4G");
            }
            wanted.add(checked(new Material.Wanted(image, true, seed)));
        }
        return wanted;
    }

    private Material.Wanted checked(Material.Wanted wanted) {
        try {
            if (DataSets.isDataSet(wanted.text())) {
                DataSets.parse(wanted.text(), seed);
            }
            return wanted;
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    private int positive(int count) {
        if (count < 1) {
            throw wrong("--rounds " + count + ": at least 1");
        }
        return count;
    }

    private Set<Case> cases() {
        Set<Case> chosen = EnumSet.noneOf(Case.class);
        for (String word : cases) {
            chosen.add(EnumSet.allOf(Case.class).stream()
                    .filter(each -> each != Case.IMAGE && each.word().equals(word))
                    .findFirst()
                    .orElseThrow(() -> wrong(
                            "unknown case '" + word + "': full, unchanged, changed, restore and resume are known")));
        }
        return chosen;
    }

    /** Sago and those rivals that are here. */
    private List<BackupSystem> systems() {
        if (launcher == null || launcher.isEmpty()) {
            throw wrong("run this by bin/sago, which is what is measured");
        }
        List<String> options = compression == null ? List.of() : List.of("--compression", compression);
        List<BackupSystem> systems = new ArrayList<>();
        systems.add(new SagoSystem(launcher, port, options));
        for (String rival : against) {
            BackupSystem system = switch (rival) {
                case "restic" -> new ResticSystem(port + 1);
                case "borg" -> new BorgSystem(port + 2);
                case "rsync" -> new RsyncSystem(port + 3);
                case "rclone" -> new RcloneSystem(port + 4);
                default -> throw wrong("unknown rival '" + rival + "': restic, borg, rsync and rclone are known");
            };
            if (system.missing().isEmpty()) {
                systems.add(system);
            } else {
                terminal.println(absent(system));
            }
        }
        return systems;
    }

    /** What to say of a rival that is not here. */
    static String absent(BackupSystem system) {
        return system.name() + " is absent, its place stays empty: apt-get install "
                + String.join(" ", system.missing());
    }

    private Map<String, Object> settings() {
        Map<String, Object> settings = new LinkedHashMap<>();
        settings.put("data", data);
        settings.put("image", image == null ? "" : image);
        settings.put("against", against);
        settings.put("rounds", rounds);
        settings.put("cases", cases);
        settings.put("seed", seed);
        settings.put("compression", compression == null ? "" : compression);
        settings.put("page_cache", "data and repository read before each case");
        return settings;
    }

    private ParameterException wrong(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
