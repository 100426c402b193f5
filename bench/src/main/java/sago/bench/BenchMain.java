package sago.bench;

import java.io.IOException;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import sago.bench.data.DataCommand;
import sago.bench.index.IndexCommand;
import sago.bench.ladder.LadderCommand;
import sago.bench.link.LinkCommand;
import sago.bench.link.RelayCommand;
import sago.bench.macro.EndToEndCommand;
import sago.bench.micro.MicroCommand;
import sago.bench.plan.PlanCommand;
import sago.bench.report.ReportCommand;
import sago.common.cli.ExitCodes;

/** {@code sago bench …}: measures Sago on this machine, beside references measured in the same run. */
@Command(
        name = "sago bench",
        mixinStandardHelpOptions = true,
        description = "Measures Sago on this machine, beside references measured in the same run.",
        subcommands = {
            MicroCommand.class,
            LadderCommand.class,
            DataCommand.class,
            EndToEndCommand.class,
            IndexCommand.class,
            LinkCommand.class,
            PlanCommand.class,
            RelayCommand.class,
            ReportCommand.class,
            CommandLine.HelpCommand.class
        })
public final class BenchMain {
    private BenchMain() {}

    public static void main(String[] arguments) {
        System.exit(commands().execute(arguments));
    }

    /** The commands, with errors as one line each. */
    static CommandLine commands() {
        return new CommandLine(new BenchMain())
                .setParameterExceptionHandler(BenchMain::wrongUsage)
                .setExecutionExceptionHandler(BenchMain::failed);
    }

    private static int wrongUsage(ParameterException e, String[] arguments) {
        CommandLine command = e.getCommandLine();
        command.getErr().println("sago: " + e.getMessage());
        command.getErr().println("More: bin/" + command.getCommandSpec().qualifiedName() + " --help");
        return ExitCodes.USAGE;
    }

    /** Files, networks and processes fail with a line; our own mistakes keep their trace. */
    private static int failed(Exception e, CommandLine command, ParseResult parsed) throws Exception {
        if (!(e instanceof IOException)) {
            throw e;
        }
        PrintWriter err = command.getErr();
        err.println("sago: " + (e.getMessage() == null ? e.toString() : e.getMessage()));
        return ExitCodes.of(e);
    }
}
