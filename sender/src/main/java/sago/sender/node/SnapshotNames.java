package sago.sender.node;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;

/** How users name snapshots: the word {@code latest}, or the first digits of the manifest hash. Stateless. */
public final class SnapshotNames {
    /** The word for the newest one. */
    public static final String LATEST = "latest";

    static final int DIGITS = 12;
    private static final Pattern NAME = Pattern.compile("[0-9a-f]{4,64}");

    private SnapshotNames() {}

    static boolean isLatest(String name) {
        return name.equals(LATEST);
    }

    /** USAGE unless it can be a name; the result is in lower case. */
    public static String require(String name) throws FaultException {
        String lower = name.toLowerCase(Locale.ROOT);
        if (!isLatest(lower) && !NAME.matcher(lower).matches()) {
            throw new FaultException(
                    Fault.USAGE,
                    "\"" + name + "\" does not name a snapshot: use `latest`, or what `sago snapshots` shows");
        }
        return lower;
    }

    /** The one of these that the name stands for. */
    static SiteChain.Link find(List<SiteChain.Link> links, String name) throws FaultException {
        List<SiteChain.Link> found = isLatest(name)
                ? links.subList(Math.max(0, links.size() - 1), links.size())
                : links.stream()
                        .filter(link -> link.stub().manifestHash().toString().startsWith(name))
                        .toList();
        if (found.isEmpty()) {
            throw new FaultException(
                    Fault.NOT_FOUND,
                    isLatest(name)
                            ? "there is no snapshot yet: `sago backup` makes one"
                            : "no snapshot " + name + ": `sago snapshots` shows what there is");
        }
        if (found.size() > 1) {
            throw new FaultException(Fault.USAGE, "several snapshots begin with " + name + ": type more digits");
        }
        if (found.get(0).expired()) {
            throw new FaultException(
                    Fault.NOT_FOUND,
                    "snapshot " + name + " has expired: it was forgotten, and the site keeps nothing that opens it");
        }
        return found.get(0);
    }
}
