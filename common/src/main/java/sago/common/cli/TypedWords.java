package sago.common.cli;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The command line before it is parsed, for the few flags that decide how it is parsed. What follows {@code --} is not ours. Immutable. */
final class TypedWords {
    private final List<String> words;

    TypedWords(String... arguments) {
        List<String> all = List.of(arguments);
        int end = all.indexOf("--");
        this.words = all.subList(0, end < 0 ? all.size() : end);
    }

    boolean has(String flag) {
        return words.contains(flag);
    }

    /** The last value of a flag, as {@code --flag value} or {@code --flag=value}; null where it is not given. */
    @Nullable
    String value(String flag) {
        String value = null;
        for (int at = 0; at < words.size(); at++) {
            String word = words.get(at);
            if (word.equals(flag) && at + 1 < words.size()) {
                value = words.get(at + 1);
            } else if (word.startsWith(flag + "=")) {
                value = word.substring(flag.length() + 1);
            }
        }
        return value;
    }

    /** The first word that is no flag: the command. Empty if there is none. */
    String command() {
        for (int at = 0; at < words.size(); at++) {
            String word = words.get(at);
            if (word.equals(CommandModel.CONFIG)) {
                at++;
            } else if (!word.startsWith("-")) {
                return word;
            }
        }
        return "";
    }
}
