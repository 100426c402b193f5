package sago.sender.node;

import java.nio.file.Path;
import java.util.Map;

/** Where a home is when nobody says. Stateless. */
public final class HomeFolders {
    private static final Path OF_ROOT = Path.of("/var/lib/sago");

    private HomeFolders() {}

    /** {@code /var/lib/sago} for root, otherwise {@code sago} in the user's data folder. */
    public static Path byDefault(Map<String, String> environment, String userName) {
        if (userName.equals("root")) {
            return OF_ROOT;
        }
        String data = environment.getOrDefault("XDG_DATA_HOME", "");
        if (data.startsWith("/")) {
            return Path.of(data, "sago");
        }
        return Path.of(environment.getOrDefault("HOME", "."), ".local", "share", "sago");
    }
}
