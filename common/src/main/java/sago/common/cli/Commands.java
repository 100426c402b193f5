package sago.common.cli;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.settings.Section;
import sago.common.settings.SettingsDefaults;
import sago.common.settings.SettingsFiles;
import sago.common.settings.SettingsModel;

/**
 * Runs a picocli command the way both nodes do: help everywhere, flags from the environment, one line per error on stderr, and the exit code of
 * the fault. Commands are {@code Callable<Integer>} and throw what they meet. Confined to the main thread.
 */
public final class Commands {
    /** Commands about the program itself. */
    private static final Set<String> NEEDS_NO_SETTINGS = Set.of("config", "completion", "manual", "version");

    private final Output output;
    private final CommandLine line;
    private final Map<String, String> environment;
    private SettingsDefaults defaults;

    private Commands(Output output, CommandLine line, Map<String, String> environment) {
        this.output = output;
        this.line = line;
        this.environment = environment;
        this.defaults = new SettingsDefaults(environment, Section.EMPTY, null);
    }

    /**
     * Runs {@code root}, an object annotated with picocli's Command, and returns the exit code.
     *
     * @param output what the commands below the root print to
     */
    public static int run(Output output, Object root, Map<String, String> environment, String... arguments) {
        return new Commands(output, model(output, root, environment), environment).execute(arguments);
    }

    /** The commands of {@code root} and those that every program of ours has, ready for help, manual and completion. */
    public static CommandLine model(Output output, Object root, Map<String, String> environment) {
        CommandLine line = CommandModel.of(root);
        line.addSubcommand(new CommandLine(new ConfigCommand())
                .addSubcommand(new ConfigCheckCommand(output, environment))
                .addSubcommand(new ConfigShowCommand(output, environment))
                .addSubcommand(new ConfigSchemaCommand(output)));
        line.addSubcommand(new CompletionCommand(output));
        line.addSubcommand(new ManualCommand(output));
        CommandModel.complete(line);
        return line;
    }

    private int execute(String... arguments) {
        TypedWords typed = new TypedWords(arguments);
        if (typed.has(CommandModel.JSON) || defaults.isOn(CommandModel.JSON)) {
            output.useJson(); // before anything is parsed, so that wrong usage is told as JSON too
        }
        line.setParameterExceptionHandler(this::wrongUsage);
        line.setExecutionExceptionHandler((exception, command, parsed) -> failed(exception));
        line.setExecutionStrategy(this::start);
        try {
            Section settings = settings(typed);
            defaults = new SettingsDefaults(environment, settings, typed.value("--dataset"));
        } catch (IOException e) {
            return failed(e);
        }
        if (defaults.isOn(CommandModel.JSON)) {
            output.useJson();
        }
        line.setDefaultValueProvider(defaults);
        return line.execute(arguments);
    }

    /** The configuration, which must be right as a whole; commands about the program itself do without it. */
    private Section settings(TypedWords typed) throws IOException {
        boolean isAboutProgram = NEEDS_NO_SETTINGS.contains(typed.command());
        if (typed.has("--help") || typed.has("-h") || typed.command().isEmpty() || isAboutProgram) {
            return Section.EMPTY;
        }
        SettingsFiles.Found found =
                SettingsFiles.read(typed.value(CommandModel.CONFIG), environment, System.getProperty("user.name", ""));
        if (found.files().isEmpty()) {
            return Section.EMPTY;
        }
        List<SettingsModel.Problem> problems = new SettingsModel(line.getCommandSpec()).check(found.section());
        if (!problems.isEmpty()) {
            throw new FaultException(
                    Fault.USAGE,
                    problems.get(0)
                            + (problems.size() == 1
                                    ? ""
                                    : " (and " + (problems.size() - 1) + " more: `sago config check` shows all)"));
        }
        return found.section();
    }

    private int start(ParseResult parsed) {
        if (debugging()) {
            Logging.debug();
        } else if (isSet(parsed, CommandModel.VERBOSE)) {
            Logging.verbose();
        }
        if (isSet(parsed, CommandModel.JSON)) {
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
        String message = origin(exception) + oneLine(exception.getMessage(), exception);
        if (output.json()) {
            message += " (see " + command + " --help)";
        }
        output.failed(ExitCodes.USAGE, Fault.USAGE, message);
        if (!output.json()) {
            output.err().println("see: " + command + " --help");
        }
        return ExitCodes.USAGE;
    }

    /** Where a wrong value stands that was not typed. */
    private String origin(CommandLine.ParameterException exception) {
        ArgSpec argument = exception.getArgSpec();
        if (argument == null || exception.getValue() == null) {
            return "";
        }
        SettingsDefaults.Effective effective = defaults.effective(argument);
        boolean isFromThere = effective.items().contains(exception.getValue())
                && !effective.where().isEmpty();
        return isFromThere ? effective.where() + ": " : "";
    }

    private int failed(Exception exception) {
        int exitCode = ExitCodes.of(exception);
        FaultException met = ExitCodes.fault(exception);
        boolean isExpected = met != null || ExitCodes.interrupted(exception);
        Fault fault = met != null ? met.fault() : isExpected ? Fault.INTERRUPTED : Fault.FATAL;
        output.failed(exitCode, fault, message(exception));
        if (debugging() || (!isExpected && isSet(line.getParseResult(), CommandModel.VERBOSE))) {
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
