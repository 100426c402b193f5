package sago.sender.cli;

import java.io.InputStream;
import java.io.PrintStream;
import java.security.SecureRandom;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import sago.common.cli.Commands;
import sago.common.cli.ExitCodes;
import sago.common.cli.Output;
import sago.common.cli.OutputOwner;
import sago.common.durable.Disk;
import sago.common.durable.DurableFiles;
import sago.common.secret.KernelRandom;
import sago.common.time.Clock;
import sago.sender.cli.demo.DemoCommand;

/** {@code sago}: the commands of home, and what they all need from the process. Main thread. */
@Command(
        name = "sago",
        description = "Backups from home to sites overseas that can read nothing.",
        subcommands = {
            DemoCommand.class,
            InitCommand.class,
            SiteCommand.class,
            SenderCommand.class,
            KeyCommand.class,
            KitCommand.class,
            BackupCommand.class,
            SnapshotsCommand.class,
            LsCommand.class,
            ForgetCommand.class,
            FindCommand.class,
            DiffCommand.class,
            DumpCommand.class,
            LimitCommand.class,
            StatusCommand.class,
            RestoreCommand.class,
            RecoverCommand.class,
            VerifyCommand.class,
            VersionCommand.class
        },
        footer = {
            "",
            "At a site:  sago receiver --help",
            "Every long flag has a variable: SAGO_HOME stands for --home. Exit codes: docs/OPERATIONS.md",
            "",
            "Example:  sago demo"
        })
public final class SagoMain implements Callable<Integer>, OutputOwner {
    @Spec
    private CommandSpec spec;

    private final Map<String, String> environment;
    private final Clock clock = Clock.system();
    private final SecureRandom random = KernelRandom.create();
    private final Output output = new Output("sago", System.out, System.err, clock, random);
    private final Terminal terminal = Terminal.ofProcess();

    private SagoMain(Map<String, String> environment) {
        this.environment = environment;
        this.spec = CommandSpec.create();
    }

    public static void main(String[] arguments) {
        SagoMain sago = new SagoMain(Map.copyOf(System.getenv()));
        int exit = Commands.run(sago.output, sago, sago.environment, RawArguments.of(arguments));
        System.out.flush();
        System.exit(exit);
    }

    /** The commands, for help, manual and completion. */
    static CommandLine model() {
        SagoMain sago = new SagoMain(Map.of());
        return Commands.model(sago.output, sago, sago.environment);
    }

    @Override
    public Integer call() {
        CommandLine line = spec.commandLine();
        if (output.json()) {
            throw new ParameterException(line, "say what to do");
        }
        line.usage(line.getErr());
        return ExitCodes.USAGE;
    }

    Map<String, String> environment() {
        return environment;
    }

    Clock clock() {
        return clock;
    }

    SecureRandom random() {
        return random;
    }

    Terminal terminal() {
        return terminal;
    }

    DurableFiles files() {
        return new DurableFiles(Disk.real());
    }

    /** Results and warnings go here. */
    @Override
    public Output output() {
        return output;
    }

    /** Questions to a person. */
    PrintStream err() {
        return output.err();
    }

    InputStream in() {
        return System.in;
    }
}
