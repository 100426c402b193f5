package sago.common.settings;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * What a flag has that the command line does not give: its variable, else its key in the configuration, else its default. Every long flag has a variable,
 * {@code --passphrase-file} ↔ {@code SAGO_PASSPHRASE_FILE}, and a key, {@code passphrase-file}. In the configuration the section of the dataset comes
 * first, then that of the command, then what is above it. Immutable.
 */
public final class SettingsDefaults implements IDefaultValueProvider {
    /** Between the values of a flag that may be repeated: no argument of a process can hold it. */
    public static final String SEPARATOR = "\0";

    private final Map<String, String> environment;
    private final Section settings;
    private final @Nullable String dataset;

    /** @param dataset which one the command is about, by flag; null where it is not given */
    public SettingsDefaults(Map<String, String> environment, Section settings, @Nullable String dataset) {
        this.environment = Map.copyOf(environment);
        this.settings = settings;
        this.dataset = dataset;
    }

    /** Where a value comes from. */
    public enum Origin {
        ENVIRONMENT,
        FILE,
        DEFAULT
    }

    /**
     * A value without the command line.
     *
     * @param items none where the flag has no value at all
     * @param where the variable, or the place in a file; empty for a default
     */
    public record Effective(Origin origin, List<String> items, String where) {
        public Effective {
            items = List.copyOf(items);
        }
    }

    /** The variable of a flag. */
    public static String variable(String flag) {
        return "SAGO_" + flag.replaceFirst("^--", "").replace('-', '_').toUpperCase(Locale.ROOT);
    }

    /** Whether a switch is on by its variable. */
    public boolean isOn(String flag) {
        String value = environment.get(variable(flag));
        return value != null && !value.isEmpty() && isTrue(value);
    }

    private static boolean isTrue(String value) {
        return !value.equals("0") && !value.equalsIgnoreCase("false");
    }

    @Override
    public @Nullable String defaultValue(ArgSpec argument) {
        Effective effective = effective(argument);
        return effective.origin == Origin.DEFAULT ? argument.defaultValue() : String.join(SEPARATOR, effective.items);
    }

    /** What the argument has without the command line. */
    public Effective effective(ArgSpec argument) {
        if (SettingsModel.isSettable(argument)) {
            if (argument instanceof OptionSpec option) {
                String variable = variable(option.longestName());
                String value = environment.get(variable);
                if (value != null && !value.isEmpty()) {
                    return new Effective(Origin.ENVIRONMENT, items(option, value), variable);
                }
            }
            Value value = fromFile(argument);
            if (value != null) {
                return new Effective(Origin.FILE, value.items(), value.place().toString());
            }
        }
        String fallback = argument.defaultValue();
        return new Effective(Origin.DEFAULT, fallback == null ? List.of() : List.of(fallback), "");
    }

    /** A variable has one value per line where the flag may be repeated. */
    private static List<String> items(OptionSpec option, String value) {
        if (option.type() == boolean.class || option.type() == Boolean.class) {
            return List.of(String.valueOf(isTrue(value)));
        }
        return option.isMultiValue()
                ? value.lines().filter(line -> !line.isEmpty()).toList()
                : List.of(value);
    }

    private @Nullable Value fromFile(ArgSpec argument) {
        String key = SettingsModel.key(argument);
        CommandSpec command = argument.command();
        if (SettingsModel.isAboutDatasets(command) && !key.equals(SettingsModel.DATASET)) {
            String name = dataset(command);
            Value own = name == null
                    ? null
                    : settings.section(SettingsModel.DATASETS)
                            .section(name)
                            .values()
                            .get(key);
            if (own != null) {
                return own;
            }
        }
        return argument instanceof OptionSpec ? inSections(command, key) : null;
    }

    /** Which dataset the command is about: by flag, variable or key. */
    private @Nullable String dataset(CommandSpec command) {
        if (dataset != null) {
            return dataset;
        }
        String variable = environment.get(variable(SettingsModel.DATASET));
        if (variable != null && !variable.isEmpty()) {
            return variable;
        }
        Value key = inSections(command, SettingsModel.DATASET);
        return key == null || key.items().size() != 1 ? null : key.items().get(0);
    }

    private @Nullable Value inSections(CommandSpec command, String key) {
        List<String> path = SettingsModel.path(command);
        int top = SettingsModel.path(command.root()).size();
        List<Section> sections = new ArrayList<>();
        Section section = settings;
        sections.add(section);
        for (String name : path) {
            section = section.section(name);
            sections.add(section);
        }
        for (int depth = path.size(); depth >= top; depth--) {
            Value value = sections.get(depth).values().get(key);
            if (value != null) {
                return value;
            }
        }
        return null;
    }
}
