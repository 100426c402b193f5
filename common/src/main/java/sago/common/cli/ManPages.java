package sago.common.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import sago.common.durable.Disk;
import sago.common.durable.DurableFiles;
import sago.common.durable.FileAccess;
import sago.common.settings.SettingsDefaults;

/** Manual pages in roff (man macros) from the commands: {@code sago.1}, {@code sago-backup.1}, {@code sago-key-rotate.1} and so on. Stateless. */
public final class ManPages {
    private static final String SECTION = "1";

    private ManPages() {}

    /**
     * Writes a page for every command that is not hidden.
     *
     * @param root from {@link Commands#model}
     * @param folder made if it does not exist
     * @return the names of the files, the root's first
     */
    public static List<String> write(CommandLine root, Path folder) throws IOException {
        DurableFiles files = new DurableFiles(Disk.real());
        files.createFolders(folder.toAbsolutePath(), FileAccess.READABLE);
        List<String> written = new ArrayList<>();
        write(root, folder.toAbsolutePath(), files, written);
        return written;
    }

    private static void write(CommandLine command, Path folder, DurableFiles files, List<String> written)
            throws IOException {
        String name = pageName(command.getCommandSpec()) + "." + SECTION;
        files.atomicWrite(folder.resolve(name), page(command).getBytes(StandardCharsets.UTF_8), FileAccess.READABLE);
        written.add(name);
        for (CommandLine child : visible(command)) {
            write(child, folder, files, written);
        }
    }

    private static List<CommandLine> visible(CommandLine command) {
        return command.getSubcommands().values().stream()
                .filter(child -> !child.getCommandSpec().usageMessage().hidden())
                .toList();
    }

    private static String pageName(CommandSpec command) {
        return command.qualifiedName("-").replace(' ', '-');
    }

    /** The page of one command. */
    static String page(CommandLine command) {
        CommandSpec spec = command.getCommandSpec();
        Roff page = new Roff();
        String version = Objects.requireNonNullElse(ManPages.class.getPackage().getImplementationVersion(), "");
        page.title(pageName(spec), SECTION, ("Sago " + version).strip());
        String[] description = spec.usageMessage().description();
        page.heading("NAME");
        page.text(pageName(spec) + " - " + summary(description));
        page.heading("SYNOPSIS");
        synopsis(page, spec);
        page.heading("DESCRIPTION");
        for (String line : description) {
            if (line.isEmpty()) {
                page.paragraph();
            } else {
                page.text(line);
            }
        }
        if (!spec.positionalParameters().isEmpty()) {
            page.heading("ARGUMENTS");
            for (PositionalParamSpec parameter : spec.positionalParameters()) {
                page.item(parameter.paramLabel(), parameter.description());
            }
        }
        if (!spec.subcommands().isEmpty()) {
            page.heading("COMMANDS");
            for (CommandLine child : visible(command)) {
                page.item(child.getCommandName(), new String[] {
                    summary(child.getCommandSpec().usageMessage().description())
                });
            }
        }
        page.heading("OPTIONS");
        for (OptionSpec option : spec.options()) {
            if (!option.hidden()) {
                page.item(names(option), option.description());
            }
        }
        footer(page, spec);
        environment(page, spec);
        if (spec.parent() == null) {
            page.heading("EXIT STATUS");
            for (ExitCodes.Meaning meaning : ExitCodes.MEANINGS) {
                page.item(meaning.codes(), new String[] {meaning.text()});
            }
        }
        seeAlso(page, command);
        return page.toString();
    }

    private static String summary(String[] description) {
        String first = description.length == 0 ? "" : description[0];
        int end = first.indexOf(". ");
        return (end < 0 ? first : first.substring(0, end)).replaceFirst("\\.$", "");
    }

    private static void synopsis(Roff page, CommandSpec spec) {
        StringBuilder rest = new StringBuilder();
        for (OptionSpec option : spec.options()) {
            if (option.required()) {
                rest.append(' ').append(option.longestName()).append(' ').append(option.paramLabel());
            }
        }
        rest.append(" [OPTION]…");
        for (PositionalParamSpec parameter : spec.positionalParameters()) {
            String label = parameter.paramLabel();
            rest.append(parameter.required() ? " " + label : " [" + label + "]");
        }
        if (!spec.subcommands().isEmpty()) {
            rest.append(" COMMAND");
        }
        page.bold(spec.qualifiedName(" "), rest.toString());
    }

    private static String names(OptionSpec option) {
        String names = String.join(", ", option.names());
        if (option.arity().max() == 0) {
            return names;
        }
        String label = option.paramLabel();
        return option.arity().min() == 0 ? names + "[=" + label + "]" : names + " " + label;
    }

    /** The footer holds the example, and at most a few lines more. */
    private static void footer(Roff page, CommandSpec spec) {
        String[] footer = spec.usageMessage().footer();
        if (footer.length == 0) {
            return;
        }
        page.heading("EXAMPLES");
        for (String line : footer) {
            if (!line.isBlank()) {
                page.line(line.replaceFirst("^Examples?: *", ""));
            }
        }
    }

    private static void environment(Roff page, CommandSpec spec) {
        page.heading("ENVIRONMENT");
        if (spec.parent() == null) {
            page.text("Every long flag has a variable: "
                    + SettingsDefaults.variable("--home") + " stands for --home. The flag wins, then the variable,"
                    + " then the configuration file. A flag that may be repeated takes one value per line.");
            return;
        }
        List<String> variables = new ArrayList<>();
        for (ArgSpec argument : spec.options()) {
            OptionSpec option = (OptionSpec) argument;
            if (!option.hidden() && !option.usageHelp()) {
                variables.add(SettingsDefaults.variable(option.longestName()));
            }
        }
        page.text(String.join(", ", variables));
    }

    private static void seeAlso(Roff page, CommandLine command) {
        List<String> others = new ArrayList<>();
        CommandLine parent = command.getParent();
        if (parent != null) {
            others.add(pageName(parent.getCommandSpec()) + "(" + SECTION + ")");
        }
        for (CommandLine child : visible(command)) {
            others.add(pageName(child.getCommandSpec()) + "(" + SECTION + ")");
        }
        if (!others.isEmpty()) {
            page.heading("SEE ALSO");
            page.text(String.join(", ", others));
        }
    }
}
