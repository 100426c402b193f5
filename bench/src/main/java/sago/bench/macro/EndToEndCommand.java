package sago.bench.macro;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import sago.common.time.Clock;

/** {@code sago bench e2e}. */
@Command(
        name = "e2e",
        description =
                "Full backup, unchanged backup and restore against rivals: real processes on loopback, same data, interleaved.",
        footer = "%nExample: bin/sago bench e2e --data /usr --against restic --rounds 3 --work /var/tmp/bench")
public final class EndToEndCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(
            names = "--data",
            required = true,
            paramLabel = "DIR",
            description = "Folder to back up, at least 4 GB for figures.")
    private Path data;

    @Option(
            names = "--against",
            split = ",",
            paramLabel = "RIVAL",
            description = "Rivals to run beside Sago: restic (packages restic and rclone).")
    private List<String> against = new ArrayList<>();

    @Option(
            names = "--rounds",
            defaultValue = "3",
            paramLabel = "N",
            description = "Rounds; medians are reported (default 3).")
    private int rounds;

    @Option(
            names = "--work",
            required = true,
            paramLabel = "DIR",
            description = "Scratch folder for repositories and restored files.")
    private Path work;

    @Option(names = "--out", paramLabel = "FILE", description = "Where the result goes as JSON; also printed.")
    private @Nullable Path out;

    @Option(names = "--launcher", defaultValue = "${env:SAGO_LAUNCHER}", hidden = true)
    private String launcher;

    private final PrintStream terminal = System.out;

    @Override
    public Integer call() throws IOException, InterruptedException {
        List<BackupSystem> systems = new ArrayList<>();
        systems.add(new SagoSystem(launcher, 17443, Clock.system()));
        for (String rival : against) {
            if (!rival.equals("restic")) {
                throw new ParameterException(spec.commandLine(), "unknown rival '" + rival + "': restic is known");
            }
            systems.add(new ResticSystem(17444, Clock.system()));
        }
        String result = new EndToEnd(new EndToEnd.Plan(data, work, rounds), systems, terminal).run();
        terminal.println(result);
        if (out != null) {
            EndToEnd.store(result, out);
        }
        return 0;
    }
}
