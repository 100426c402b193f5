package sago.receiver.cli;

import java.security.SecureRandom;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import sago.common.cli.Commands;
import sago.common.cli.ExitCodes;
import sago.common.cli.Output;
import sago.common.cli.OutputOwner;
import sago.common.secret.KernelRandom;
import sago.common.time.Clock;

/** {@code sago receiver}: the command line of a site. */
@Command(
        name = "sago receiver",
        description = {
            "Runs a backup site: it stores sealed packs that it cannot open, and gives them back to home.",
            "",
            "A new site in three steps: init here, sago site add at home, grant here; then run."
        },
        subcommands = {InitCommand.class, GrantCommand.class, RunCommand.class, VersionCommand.class},
        footer = {
            "",
            "Every long flag has a variable: SAGO_DIR stands for --dir. Exit codes: docs/OPERATIONS.md",
            "",
            "Example:  sago receiver run --dir /srv/sago"
        })
public final class ReceiverMain implements Runnable, OutputOwner {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    private final Clock clock = Clock.system();
    private final SecureRandom random = KernelRandom.create();
    private final Output output = new Output("sago", System.out, System.err, clock, random);

    private ReceiverMain() {}

    /** The commands, for help, manual and completion. */
    static CommandLine model() {
        ReceiverMain receiver = new ReceiverMain();
        return Commands.model(receiver.output, receiver, Map.of());
    }

    @Override
    public Output output() {
        return output;
    }

    /** Ends the process with the command's exit code, also where the command dies of an error while other threads live. */
    public static void main(String[] arguments) {
        int code = ExitCodes.FATAL;
        try {
            code = run(arguments);
        } finally {
            System.exit(code);
        }
    }

    /** Runs a command and returns its exit code. */
    static int run(String... arguments) {
        ReceiverMain receiver = new ReceiverMain();
        return Commands.run(receiver.output, receiver, System.getenv(), arguments);
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "say what to do: init, grant or run");
    }
}
