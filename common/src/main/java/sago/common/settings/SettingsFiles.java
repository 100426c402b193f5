package sago.common.settings;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.limits.Limits;

/**
 * Which files are the configuration, in the order in which later ones win: the main file, then {@code conf.d/*.yaml} beside it by name. Confined to one
 * thread.
 */
public final class SettingsFiles {
    /** The variable that stands for {@code --config}. */
    public static final String VARIABLE = "SAGO_CONFIG";

    private static final Path OF_ROOT = Path.of("/etc/sago/sago.yaml");
    private static final String VERSION_KEY = "version";
    private static final String VERSION = "1";

    private SettingsFiles() {}

    /** What was found: files that exist, and what they say together. */
    public record Found(List<Path> files, Section section) {
        /** No file, no setting. */
        public static final Found NOTHING = new Found(List.of(), Section.EMPTY);
    }

    /**
     * Finds and reads them.
     *
     * @param flag what {@code --config} has; it must exist. Empty: no configuration at all
     */
    public static Found read(@Nullable String flag, Map<String, String> environment, String userName)
            throws IOException {
        String wanted = flag != null ? flag : environment.get(VARIABLE);
        if (wanted != null && wanted.isEmpty()) {
            return Found.NOTHING;
        }
        Path main = wanted != null ? Path.of(wanted) : byDefault(environment, userName);
        List<Path> files = new ArrayList<>();
        if (Files.exists(main)) {
            files.add(main);
        } else if (wanted != null) {
            throw new FaultException(
                    Fault.USAGE, "no configuration at " + main + ", which --config or SAGO_CONFIG names");
        }
        Path beside = main.toAbsolutePath().resolveSibling("conf.d");
        if (Files.isDirectory(beside)) {
            files.addAll(further(beside));
        }
        Section all = Section.EMPTY;
        for (Path file : files) {
            Section section = new SettingsReader(file).read();
            requireVersion(file, section);
            all = all.under(section);
        }
        return new Found(List.copyOf(files), all);
    }

    /** {@code /etc/sago/sago.yaml} for root, otherwise {@code sago/sago.yaml} in the user's configuration folder. */
    static Path byDefault(Map<String, String> environment, String userName) {
        if (userName.equals("root")) {
            return OF_ROOT;
        }
        String config = environment.getOrDefault("XDG_CONFIG_HOME", "");
        Path folder =
                config.startsWith("/") ? Path.of(config) : Path.of(environment.getOrDefault("HOME", "."), ".config");
        return folder.resolve("sago").resolve("sago.yaml");
    }

    private static List<Path> further(Path folder) throws IOException {
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, "*.yaml")) {
            for (Path entry : entries) {
                if (!String.valueOf(entry.getFileName()).startsWith(".")) {
                    files.add(entry);
                }
                if (files.size() > Limits.SETTINGS_FILES_MAX) {
                    throw new FaultException(
                            Fault.USAGE, folder + " has more than " + Limits.SETTINGS_FILES_MAX + " files");
                }
            }
        }
        files.sort(null);
        return files;
    }

    private static void requireVersion(Path file, Section section) throws FaultException {
        if (section.isEmpty()) {
            return;
        }
        Value version = section.values().get(VERSION_KEY);
        if (version == null) {
            throw new Place(file, 1, 1).fault("the line `version: 1` is missing");
        }
        if (!version.items().equals(List.of(VERSION))) {
            throw version.place().fault("this version of Sago reads configurations of version 1 only");
        }
    }
}
