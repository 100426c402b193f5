package sago.common.cli;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ScopeType;
import sago.common.settings.SettingsDefaults;

/** The commands of a program with what all of them have: help, verbosity, JSON and configuration. Stateless. */
final class CommandModel {
    static final String VERBOSE = "--verbose";
    static final String JSON = "--json";
    static final String CONFIG = "--config";

    private static final int HELP_WIDTH = 110;

    private CommandModel() {}

    /** The command line of a root, an object annotated with picocli's Command. */
    static CommandLine of(Object root) {
        CommandLine line = new CommandLine(root);
        line.getCommandSpec()
                .addOption(inherited(JSON)
                        .type(boolean.class)
                        .arity("0")
                        .description("Print JSON, one message per line, instead of text: docs/JSON.md.")
                        .build());
        line.getCommandSpec()
                .addOption(inherited("-v", VERBOSE)
                        .type(boolean.class)
                        .arity("0")
                        .description("Log what happens, one line per event, on stderr.")
                        .build());
        line.getCommandSpec()
                .addOption(inherited(CONFIG)
                        .type(String.class)
                        .paramLabel("FILE")
                        .description("The configuration, with conf.d/*.yaml beside it: docs/CONFIGURATION.md.")
                        .build());
        return line;
    }

    /** Completes the model when all commands are in it. */
    static void complete(CommandLine line) {
        prepare(line);
        line.setUsageHelpWidth(HELP_WIDTH);
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setInterpolateVariables(false); // a dollar sign in a value is a dollar sign
    }

    private static OptionSpec.Builder inherited(String name, String... names) {
        return OptionSpec.builder(name, names).scopeType(ScopeType.INHERIT);
    }

    private static void prepare(CommandLine command) {
        CommandSpec spec = command.getCommandSpec();
        spec.mixinStandardHelpOptions(false);
        spec.addOption(OptionSpec.builder("-h", "--help")
                .usageHelp(true)
                .description("Show this help.")
                .build());
        spec.usageMessage().sortOptions(false);
        takeLists(spec);
        command.getSubcommands().values().forEach(CommandModel::prepare);
    }

    /** Lets one default hold several values: picocli gives a default as one text, which only a split makes a list. */
    private static void takeLists(CommandSpec spec) {
        List<ArgSpec> all = new ArrayList<>(spec.args());
        if (all.stream().noneMatch(CommandModel::needsSplit)) {
            return;
        }
        List<ArgSpec> movable = all.stream().filter(one -> one.group() == null).toList();
        movable.forEach(spec::remove);
        movable.forEach(one -> spec.add(needsSplit(one) ? withSplit(one) : one));
    }

    private static boolean needsSplit(ArgSpec argument) {
        return argument.isMultiValue() && argument.splitRegex().isEmpty() && argument.group() == null;
    }

    private static ArgSpec withSplit(ArgSpec argument) {
        if (argument instanceof OptionSpec option) {
            return OptionSpec.builder(option)
                    .splitRegex(SettingsDefaults.SEPARATOR)
                    .hideParamSyntax(true)
                    .build();
        }
        PositionalParamSpec positional = (PositionalParamSpec) argument;
        return PositionalParamSpec.builder(positional)
                .splitRegex(SettingsDefaults.SEPARATOR)
                .hideParamSyntax(true)
                .paramLabel(positional.paramLabel() + (positional.arity().max() > 1 ? "…" : ""))
                .build();
    }
}
