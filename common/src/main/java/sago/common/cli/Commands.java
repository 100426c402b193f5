package sago.common.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ScopeType;
import sago.common.fault.FaultException;

/**
 * Runs a picocli command the way both nodes do: help everywhere, flags from the environment, one line per error on stderr, and the exit code of
 * the fault. Commands are {@code Callable<Integer>} and throw what they meet. Confined to the main thread.
 */
public final class Commands {
    private static final int HELP_WIDTH = 110;

    private final String program;
    private final CommandLine line;
    private final Map<String, String> environment;

    private Commands(String program, CommandLine line, Map<String, String> environment) {
        this.program = program;
        this.line = line;
        this.environment = environment;
    }

    /** Runs {@code root}, an object annotated with picocli's Command, and returns the exit code. */
    public static int run(String program, Object root, String... arguments) {
        return run(program, root, System.getenv(), arguments);
    }

    /** As {@link #run(String, Object, String...)}, with the environment given. */
    public static int run(String program, Object root, Map<String, String> environment, String... arguments) {
        return new Commands(program, new CommandLine(root), environment).execute(arguments);
    }

    private int execute(String... arguments) {
        line.getCommandSpec()
                .addOption(OptionSpec.builder("-v", "--verbose")
                        .type(boolean.class)
                        .arity("0")
                        .scopeType(ScopeType.INHERIT)
                        .description("Log what happens, one line per event, on stderr.")
                        .build());
        prepare(line);
        line.setDefaultValueProvider(new EnvironmentDefaults(environment));
        line.setUsageHelpWidth(HELP_WIDTH);
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setParameterExceptionHandler(this::wrongUsage);
        line.setExecutionExceptionHandler((exception, command, parsed) -> failed(exception));
        line.setExecutionStrategy(this::start);
        return line.execute(arguments);
    }

    private static void prepare(CommandLine command) {
        CommandSpec spec = command.getCommandSpec();
        spec.mixinStandardHelpOptions(false);
        spec.addOption(OptionSpec.builder("-h", "--help")
                .usageHelp(true)
                .description("Show this help.")
                .build());
        spec.usageMessage().sortOptions(false);
        command.getSubcommands().values().forEach(Commands::prepare);
    }

    private int start(ParseResult parsed) {
        if (debugging()) {
            Logging.debug();
        } else if (isVerbose(parsed)) {
            Logging.verbose();
        }
        return new CommandLine.RunLast().execute(parsed);
    }

    private static boolean isVerbose(ParseResult parsed) {
        for (ParseResult result = parsed; result != null; result = result.subcommand()) {
            OptionSpec option = result.commandSpec().findOption("--verbose");
            if (option != null && Boolean.TRUE.equals(option.getValue())) {
                return true;
            }
        }
        return false;
    }

    private boolean debugging() {
        return !environment.getOrDefault("SAGO_DEBUG", "").isEmpty();
    }

    private int wrongUsage(CommandLine.ParameterException exception, String[] arguments) {
        PrintWriter err = exception.getCommandLine().getErr();
        err.println(program + ": " + exception.getMessage());
        err.println("see: " + exception.getCommandLine().getCommandSpec().qualifiedName() + " --help");
        err.flush();
        return ExitCodes.USAGE;
    }

    private int failed(Exception exception) {
        PrintWriter err = line.getErr();
        err.println(program + ": " + message(exception));
        boolean expected = ExitCodes.fault(exception) != null || ExitCodes.interrupted(exception);
        if (debugging() || (!expected && isVerbose(line.getParseResult()))) {
            exception.printStackTrace(err);
        }
        err.flush();
        return ExitCodes.of(exception);
    }

    /** What a person is told of an exception: one line, what is wrong and what to do. */
    static String message(Throwable thrown) {
        Throwable inner = ExitCodes.unwrap(thrown);
        if (inner instanceof FaultException) {
            return oneLine(inner.getMessage(), inner);
        }
        if (ExitCodes.interrupted(inner)) {
            return "interrupted; what is durable stays, run the same command again to go on";
        }
        if (inner instanceof NoSuchFileException missing) {
            return "no such file or folder: " + missing.getFile();
        }
        if (inner instanceof AccessDeniedException denied) {
            return "permission denied: " + denied.getFile();
        }
        if (inner instanceof FileSystemException failure) {
            return oneLine(failure.getMessage(), failure);
        }
        String kind = inner.getClass().getSimpleName();
        String said = oneLine(inner.getMessage(), inner);
        String what = inner instanceof IOException
                ? said
                : "internal error: " + (said.equals(kind) ? kind : kind + ": " + said);
        return what + " (SAGO_DEBUG=1 shows where)";
    }

    private static String oneLine(@Nullable String message, Throwable thrown) {
        return message == null || message.isBlank()
                ? thrown.getClass().getSimpleName()
                : message.strip().replaceAll("\\s*\\R\\s*", " ");
    }
}
