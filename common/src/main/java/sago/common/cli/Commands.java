package sago.common.cli;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ScopeType;
import sago.common.fault.Advice;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;

/**
 * Runs a picocli command the way both nodes do: help everywhere, flags from the environment, one line per error on stderr, and the exit code of
 * the fault. Commands are {@code Callable<Integer>} and throw what they meet. Confined to the main thread.
 */
public final class Commands {
    private static final int HELP_WIDTH = 110;

    private static final String VERBOSE = "--verbose";
    private static final String JSON = "--json";

    private final Output output;
    private final CommandLine line;
    private final Map<String, String> environment;

    private Commands(Output output, CommandLine line, Map<String, String> environment) {
        this.output = output;
        this.line = line;
        this.environment = environment;
    }

    /**
     * Runs {@code root}, an object annotated with picocli's Command, and returns the exit code.
     *
     * @param output what the commands below the root print to
     */
    public static int run(Output output, Object root, Map<String, String> environment, String... arguments) {
        return new Commands(output, new CommandLine(root), environment).execute(arguments);
    }

    private int execute(String... arguments) {
        EnvironmentDefaults defaults = new EnvironmentDefaults(environment);
        if (asksForJson(List.of(arguments)) || defaults.isOn(JSON)) {
            output.useJson(); // before anything is parsed, so that wrong usage is told as JSON too
        }
        line.getCommandSpec()
                .addOption(OptionSpec.builder("-v", VERBOSE)
                        .type(boolean.class)
                        .arity("0")
                        .scopeType(ScopeType.INHERIT)
                        .description("Log what happens, one line per event, on stderr.")
                        .build());
        line.getCommandSpec()
                .addOption(OptionSpec.builder(JSON)
                        .type(boolean.class)
                        .arity("0")
                        .scopeType(ScopeType.INHERIT)
                        .description("Print JSON, one message per line, instead of text: docs/JSON.md.")
                        .build());
        prepare(line);
        line.setDefaultValueProvider(defaults);
        line.setUsageHelpWidth(HELP_WIDTH);
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setParameterExceptionHandler(this::wrongUsage);
        line.setExecutionExceptionHandler((exception, command, parsed) -> failed(exception));
        line.setExecutionStrategy(this::start);
        return line.execute(arguments);
    }

    /** What follows {@code --} belongs to another program. */
    private static boolean asksForJson(List<String> arguments) {
        int end = arguments.indexOf("--");
        return arguments.subList(0, end < 0 ? arguments.size() : end).contains(JSON);
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
        } else if (isSet(parsed, VERBOSE)) {
            Logging.verbose();
        }
        if (isSet(parsed, JSON)) {
            output.useJson();
        }
        int exitCode = new CommandLine.RunLast().execute(parsed);
        if (!CommandLine.printHelpIfRequested(parsed)) {
            output.ended(exitCode);
        }
        return exitCode;
    }

    private static boolean isSet(ParseResult parsed, String flag) {
        for (ParseResult result = parsed; result != null; result = result.subcommand()) {
            OptionSpec option = result.commandSpec().findOption(flag);
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
        String command = exception.getCommandLine().getCommandSpec().qualifiedName();
        String message = oneLine(exception.getMessage(), exception);
        if (output.json()) {
            message += " (see " + command + " --help)";
        }
        output.failed(ExitCodes.USAGE, Fault.USAGE.name(), false, message);
        if (!output.json()) {
            output.err().println("see: " + command + " --help");
        }
        return ExitCodes.USAGE;
    }

    private int failed(Exception exception) {
        int exitCode = ExitCodes.of(exception);
        FaultException met = ExitCodes.fault(exception);
        boolean isExpected = met != null || ExitCodes.interrupted(exception);
        Fault fault = met != null ? met.fault() : isExpected ? Fault.INTERRUPTED : Fault.FATAL;
        output.failed(exitCode, fault.name(), fault.advice() != Advice.STOP, message(exception));
        if (debugging() || (!isExpected && isSet(line.getParseResult(), VERBOSE))) {
            exception.printStackTrace(output.err());
        }
        return exitCode;
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
