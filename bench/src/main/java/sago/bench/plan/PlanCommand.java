package sago.bench.plan;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import sago.bench.result.BenchResult;
import sago.bench.result.Machine;
import sago.bench.result.ResultFiles;
import sago.common.time.Clock;

/** {@code sago bench plan}. */
@Command(
        name = "plan",
        mixinStandardHelpOptions = true,
        description =
                "What a job needs: cores, connections, memory, disks, hours, as ranges, from measurements of a host and a link.",
        footer =
                "%nExample: bin/sago bench plan --ladder sago-bench-ladder.json --rtt 180 --mbit 1000 --protect 20 --change 2 --explain")
public final class PlanCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private JobOptions job;

    @Mixin
    private LinkOptions link;

    @Mixin
    private HostOptions host;

    @Option(names = "--explain", description = "Say of each figure how it came about.")
    private boolean explain;

    @Option(names = "--json", description = "Print the result as JSON.")
    private boolean json;

    @Option(
            names = "--out",
            defaultValue = "sago-bench-plan.json",
            paramLabel = "FILE",
            description = "Where the result goes (default ${DEFAULT-VALUE}).")
    private Path out;

    private final PrintStream terminal = System.out;
    private final Clock clock = Clock.system();

    @Override
    public Integer call() throws IOException {
        String time = Instant.ofEpochMilli(clock.wallMs()).toString();
        Job wanted;
        HostModel model;
        Environment place;
        try {
            wanted = job.job();
            place = host.environment(link.model());
            model = host.model();
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
        Plan plan = new Planner(wanted, model, place).plan();
        BenchResult result = new BenchResult(
                "plan",
                time,
                Machine.describe(),
                Map.of(),
                List.of(),
                Settings.of(wanted, model, place),
                List.of(),
                plan.json());
        ResultFiles.write(result, out);
        if (json) {
            terminal.print(Files.readString(out));
        } else {
            new PlanTable(terminal, explain).print(plan);
            terminal.println();
            terminal.println("written to " + out);
        }
        return 0;
    }
}
