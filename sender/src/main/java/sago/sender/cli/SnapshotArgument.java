package sago.sender.cli;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.sender.node.SnapshotReader;
import sago.sender.tree.EntryKey;

/** How commands name a snapshot, or a folder in one: {@code SNAPSHOT} or {@code SNAPSHOT:SUBDIR}, with {@code --dataset} and {@code --site}. */
final class SnapshotArgument {
    @Option(names = "--dataset", paramLabel = "NAME", description = "Needed for latest where there are several.")
    private @Nullable String dataset;

    @Option(names = "--site", paramLabel = "NAME", description = "Needed where there are several.")
    private @Nullable String site;

    /** The snapshot without its folder. */
    SnapshotReader.Query query(String argument) {
        int colon = argument.indexOf(':');
        String name = colon < 0 ? argument : argument.substring(0, colon);
        return new SnapshotReader.Query(name, Optional.ofNullable(dataset), Optional.ofNullable(site));
    }

    /** The folder; {@link EntryKey#ROOT} where none is named. */
    static EntryKey subfolder(String argument) throws FaultException {
        int colon = argument.indexOf(':');
        return colon < 0 ? EntryKey.ROOT : key(argument.substring(colon + 1));
    }

    /** The key of a path as users type it: absolute or not, with or without a slash at its end. */
    static EntryKey key(String path) throws FaultException {
        String absolute = ("/" + path).replaceAll("/+", "/");
        String clean = absolute.length() > 1 && absolute.endsWith("/")
                ? absolute.substring(0, absolute.length() - 1)
                : absolute;
        try {
            return clean.equals("/") ? EntryKey.ROOT : EntryKey.ofPath(clean.getBytes(StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            throw new FaultException(Fault.NOT_FOUND, "no snapshot can hold " + clean + ": " + e.getMessage(), e);
        }
    }

    /** What lies at a path below a folder. */
    static EntryKey below(EntryKey folder, String path) throws FaultException {
        if (folder.equals(EntryKey.ROOT)) {
            return key(path);
        }
        return key(new String(folder.path(), StandardCharsets.UTF_8) + "/" + path);
    }
}
