package sago.common.settings;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import sago.common.fault.FaultException;
import sago.common.trust.Names;

/**
 * What a configuration may say, by the commands that there are. One file may serve both nodes: home checks everything but {@code receiver}, a receiver
 * checks only that. Confined to one thread.
 */
public final class SettingsModel {
    static final String DATASETS = "datasets";
    static final String DATASET = "dataset";
    static final String PATHS = "paths";
    static final String VERSION = "version";
    private static final String RECEIVER = "receiver";

    /** Flags that only make sense where they are typed. */
    private static final Set<String> NEVER_SET = Set.of("--config", "--help", "--version");

    /** Commands that are about the program itself. */
    private static final Set<String> WITHOUT_SECTION = Set.of("config", "completion", "manual", "version", "help");

    private final CommandSpec root;

    public SettingsModel(CommandSpec root) {
        this.root = root;
    }

    /** Something wrong in a file. */
    public record Problem(Place place, String message) {
        @Override
        public String toString() {
            return place + ": " + message;
        }
    }

    /** The words of a command after the program's name: its section. */
    static List<String> path(CommandSpec command) {
        List<String> words = List.of(command.qualifiedName(" ").split(" +"));
        return words.subList(1, words.size());
    }

    /** Whether a variable or key may give it. */
    static boolean isSettable(ArgSpec argument) {
        if (argument instanceof OptionSpec option) {
            return !option.usageHelp()
                    && !option.versionHelp()
                    && option.longestName().startsWith("--")
                    && !NEVER_SET.contains(option.longestName());
        }
        return isPaths(argument);
    }

    /** The paths of a backup are the only arguments without a flag that have a key. */
    private static boolean isPaths(ArgSpec argument) {
        return argument instanceof PositionalParamSpec
                && argument.isMultiValue()
                && argument.paramLabel().startsWith("PATH")
                && isAboutDatasets(argument.command());
    }

    static String key(ArgSpec argument) {
        return argument instanceof OptionSpec option ? option.longestName().replaceFirst("^--", "") : PATHS;
    }

    static boolean isAboutDatasets(CommandSpec command) {
        return command.findOption("--" + DATASET) != null;
    }

    /** Commands at and below this one, but for those about the program itself. */
    static List<CommandSpec> within(CommandSpec command) {
        List<CommandSpec> all = new ArrayList<>();
        all.add(command);
        children(command).forEach(child -> all.addAll(within(child)));
        return all;
    }

    static List<CommandSpec> children(CommandSpec command) {
        return command.subcommands().values().stream()
                .map(CommandLine::getCommandSpec)
                .filter(child -> !WITHOUT_SECTION.contains(child.name()))
                .distinct()
                .toList();
    }

    /** Options of a command that have a key, without those inherited from above it twice. */
    static List<OptionSpec> options(CommandSpec command) {
        return command.options().stream().filter(SettingsModel::isSettable).toList();
    }

    /** Everything that is wrong with the settings, in the order of the files. */
    public List<Problem> check(Section settings) {
        List<Problem> problems = new ArrayList<>();
        List<String> prefix = path(root);
        Section own = settings;
        for (String name : prefix) {
            own = own.section(name);
        }
        checkSection(own, root, prefix.isEmpty() ? Set.of(DATASETS, RECEIVER) : Set.of(), problems);
        if (prefix.isEmpty()) {
            settings.section(DATASETS)
                    .sections()
                    .forEach((name, section) -> checkDataset(name, section, settings, problems));
            settings.section(DATASETS)
                    .values()
                    .forEach((name, value) -> problems.add(
                            new Problem(value.place(), "dataset '" + name + "' takes keys of its own, such as paths")));
        }
        problems.sort(Comparator.comparing((Problem problem) -> problem.place().file())
                .thenComparing(problem -> problem.place().line()));
        return problems;
    }

    private void checkSection(Section section, CommandSpec command, Set<String> others, List<Problem> problems) {
        boolean isTop = command == root && path(root).isEmpty();
        section.values().forEach((key, value) -> {
            if (isTop && key.equals(VERSION)) {
                return;
            }
            List<OptionSpec> meant = within(command).stream()
                    .flatMap(one -> options(one).stream())
                    .filter(option -> key(option).equals(key))
                    .toList();
            String place = command == root ? "" : " in '" + String.join(" ", path(command)) + "'";
            if (meant.isEmpty()) {
                problems.add(new Problem(
                        section.keyPlace(key), "no command has a flag --" + key + place + similar(key, keys(command))));
            } else {
                checkValue(key, value, meant, problems);
            }
        });
        section.sections().forEach((name, inner) -> {
            if (others.contains(name)) {
                return;
            }
            CommandSpec child = children(command).stream()
                    .filter(one -> one.name().equals(name))
                    .findFirst()
                    .orElse(null);
            if (child == null) {
                List<String> names = new ArrayList<>(
                        children(command).stream().map(CommandSpec::name).toList());
                names.addAll(others);
                problems.add(new Problem(
                        section.keyPlace(name), "no command is named '" + name + "'" + similar(name, names)));
            } else {
                checkSection(inner, child, Set.of(), problems);
            }
        });
    }

    private void checkDataset(String name, Section section, Section settings, List<Problem> problems) {
        Place place = settings.section(DATASETS).keyPlace(name);
        try {
            Names.requireName("dataset", name);
        } catch (FaultException e) {
            problems.add(new Problem(place, String.valueOf(e.getMessage())));
        }
        List<ArgSpec> possible = datasetArguments();
        section.values().forEach((key, value) -> {
            List<ArgSpec> meant =
                    possible.stream().filter(one -> key(one).equals(key)).toList();
            if (meant.isEmpty()) {
                Set<String> known = new LinkedHashSet<>();
                possible.forEach(one -> known.add(key(one)));
                problems.add(new Problem(
                        section.keyPlace(key), "no command with --dataset has a flag --" + key + similar(key, known)));
            } else {
                checkValue(key, value, meant, problems);
            }
        });
        section.sections()
                .keySet()
                .forEach(key ->
                        problems.add(new Problem(section.keyPlace(key), "a dataset has no sections: '" + key + "'")));
    }

    /** What a dataset's section may give. */
    List<ArgSpec> datasetArguments() {
        List<ArgSpec> possible = new ArrayList<>();
        for (CommandSpec command : within(root)) {
            if (isAboutDatasets(command)) {
                command.args().stream()
                        .filter(one -> isSettable(one) && !key(one).equals(DATASET))
                        .forEach(possible::add);
            }
        }
        return possible;
    }

    private static Set<String> keys(CommandSpec command) {
        Set<String> keys = new LinkedHashSet<>();
        within(command).forEach(one -> options(one).forEach(option -> keys.add(key(option))));
        return keys;
    }

    /** The value must fit one of the commands that have the flag. */
    private static void checkValue(
            String key, Value value, Collection<? extends ArgSpec> meant, List<Problem> problems) {
        String last = "";
        for (ArgSpec argument : meant) {
            last = misfit(key, value, argument);
            if (last.isEmpty()) {
                return;
            }
        }
        problems.add(new Problem(value.place(), last));
    }

    /** What is wrong with it; empty if nothing is. */
    private static String misfit(String key, Value value, ArgSpec argument) {
        if (value.isList() && !argument.isMultiValue()) {
            return "'" + key + "' takes one value, not a list";
        }
        for (String item : value.items()) {
            if (isSwitch(argument) && !item.equals("true") && !item.equals("false")) {
                return "'" + key + "' is true or false, not '" + item + "'";
            }
            try {
                if (argument.auxiliaryTypes()[0] == int.class || argument.auxiliaryTypes()[0] == Integer.class) {
                    Integer.parseInt(item);
                }
                for (ITypeConverter<?> converter : argument.converters()) {
                    converter.convert(item);
                }
            } catch (NumberFormatException e) {
                return "'" + key + "' is a whole number, not '" + item + "'";
            } catch (Exception e) {
                return "'" + key + "': " + e.getMessage();
            }
        }
        return "";
    }

    static boolean isSwitch(ArgSpec argument) {
        return argument.type() == boolean.class || argument.type() == Boolean.class;
    }

    private static String similar(String wrong, Collection<String> known) {
        return known.stream()
                .min(Comparator.comparingInt(name -> distance(wrong, name)))
                .filter(name -> distance(wrong, name) <= Math.max(1, wrong.length() / 3))
                .map(name -> "; did you mean '" + name + "'?")
                .orElse("");
    }

    /** How many letters have to be changed, added or taken away. */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j < row.length; j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j < row.length; j++) {
                int above = row[j];
                int changed = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(changed, 1 + Math.min(above, row[j - 1]));
                diagonal = above;
            }
        }
        return row[b.length()];
    }

    /** A key in a dataset's section. */
    public record DatasetKey(String dataset, String key, Value value) {}

    /** What the sections of datasets say. */
    public List<DatasetKey> datasetKeys(Section settings) {
        List<DatasetKey> all = new ArrayList<>();
        if (path(root).isEmpty()) {
            settings.section(DATASETS)
                    .sections()
                    .forEach((dataset, section) ->
                            section.values().forEach((key, value) -> all.add(new DatasetKey(dataset, key, value))));
        }
        return all;
    }

    /** A key of a command. */
    public record Key(String name, ArgSpec argument) {}

    /** A command with all keys that it has. */
    public record CommandKeys(String name, List<Key> keys) {}

    /** Every command with its keys, those of a dataset's section included. */
    public List<CommandKeys> commands() {
        List<CommandKeys> all = new ArrayList<>();
        for (CommandSpec command : within(root)) {
            List<Key> keys = command.args().stream()
                    .filter(SettingsModel::isSettable)
                    .map(argument -> new Key(key(argument), argument))
                    .toList();
            List<String> words = path(command);
            if (command != root) {
                all.add(new CommandKeys(
                        String.join(" ", words.subList(path(root).size(), words.size())), keys));
            }
        }
        return all;
    }
}
