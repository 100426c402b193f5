package sago.common.cli;

import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Every long flag has a variable that stands for it: {@code --passphrase-file} ↔ {@code SAGO_PASSPHRASE_FILE}. The flag wins. Positional
 * arguments and help have none. Immutable.
 */
final class EnvironmentDefaults implements IDefaultValueProvider {
    private final Map<String, String> environment;

    EnvironmentDefaults(Map<String, String> environment) {
        this.environment = Map.copyOf(environment);
    }

    /** The variable of a flag. */
    static String variable(String flag) {
        return "SAGO_" + flag.replaceFirst("^--", "").replace('-', '_').toUpperCase(Locale.ROOT);
    }

    /** Whether a switch is on by its variable. */
    boolean isOn(String flag) {
        String value = environment.get(variable(flag));
        return value != null && !value.isEmpty() && isTrue(value);
    }

    private static boolean isTrue(String value) {
        return !value.equals("0") && !value.equalsIgnoreCase("false");
    }

    @Override
    public @Nullable String defaultValue(ArgSpec argument) {
        if (!(argument instanceof OptionSpec option) || option.usageHelp() || option.versionHelp()) {
            return argument.defaultValue();
        }
        String value = environment.get(variable(option.longestName()));
        if (value == null || value.isEmpty()) {
            return argument.defaultValue();
        }
        boolean isSwitch = option.type() == boolean.class || option.type() == Boolean.class;
        return isSwitch ? String.valueOf(isTrue(value)) : value;
    }
}
