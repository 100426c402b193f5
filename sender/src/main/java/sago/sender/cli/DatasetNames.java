package sago.sender.cli;

import java.nio.file.Path;
import java.util.Locale;
import sago.common.limits.Limits;

/** The name of a dataset when none was given. Stateless. */
final class DatasetNames {
    private static final String ROOT = "root";

    private DatasetNames() {}

    /** {@code /data/My Users} gives {@code data-my-users}; {@code /} gives {@code root}. */
    static String derive(Path path) {
        String name = path.toAbsolutePath()
                .normalize()
                .toString()
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^a-z0-9._-]+", "-")
                .replaceAll("^[^a-z0-9]+", "");
        if (name.length() > Limits.NAME_CHARS_MAX) {
            name = name.substring(0, Limits.NAME_CHARS_MAX);
        }
        name = name.replaceAll("[^a-z0-9]+$", "");
        return name.isEmpty() ? ROOT : name;
    }
}
