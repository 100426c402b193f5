package sago.sender.pattern;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.sender.tree.EntryKey;
import sago.sender.tree.RawText;

/**
 * Chooses paths: {@code *} and {@code ?} within a name, {@code [a-z]} and {@code [!a-z]}, {@code **} for any number of names, a backslash
 * before a character that stands for itself. A pattern that begins with {@code /} is matched from the top, any other one from every
 * folder. What matches is chosen with all that is below. Immutable.
 */
public final class PathPattern {
    private static final String ANY_NAMES = "**";

    private final String text;
    private final List<NamePattern> names;

    private PathPattern(String text, List<NamePattern> names) {
        this.text = text;
        this.names = names;
    }

    public static PathPattern parse(String text) throws FaultException {
        List<NamePattern> names = new ArrayList<>();
        if (!text.startsWith("/")) {
            names.add(NamePattern.ANY);
        }
        for (String name : text.split("/", -1)) {
            if (name.equals(".") || name.equals("..")) {
                throw new FaultException(Fault.USAGE, "a pattern cannot hold the name " + name + ": " + text);
            }
            if (name.equals(ANY_NAMES)) {
                names.add(NamePattern.ANY);
            } else if (!name.isEmpty()) {
                names.add(NamePattern.parse(name));
            }
        }
        if (text.isEmpty()) {
            throw new FaultException(Fault.USAGE, "a pattern is empty");
        }
        return new PathPattern(text, names);
    }

    /** Whether the pattern matches exactly this path. */
    public boolean matches(EntryKey key) {
        return matches(0, namesOf(key), 0);
    }

    private boolean matches(int at, List<int[]> path, int depth) {
        int pattern = at;
        int name = depth;
        while (pattern < names.size()) {
            NamePattern next = names.get(pattern);
            if (next == NamePattern.ANY) {
                for (int rest = name; rest <= path.size(); rest++) {
                    if (matches(pattern + 1, path, rest)) {
                        return true;
                    }
                }
                return false;
            }
            if (name == path.size() || !next.matches(path.get(name))) {
                return false;
            }
            pattern++;
            name++;
        }
        return name == path.size();
    }

    /** The folder or file within which everything lies that can match. */
    public EntryKey within() {
        EntryKey key = EntryKey.ROOT;
        for (NamePattern name : names) {
            String literal = name.literal();
            if (literal == null) {
                break;
            }
            try {
                key = key.child(RawText.bytes(literal));
            } catch (IllegalArgumentException e) {
                // No file can have such a name, so nothing will be found within either.
                break;
            }
        }
        return key;
    }

    /** The names of a path, each as its characters. */
    static List<int[]> namesOf(EntryKey key) {
        byte[] path = key.path();
        List<int[]> names = new ArrayList<>();
        int start = 1;
        for (int i = 1; i <= path.length && path.length > 1; i++) {
            if (i == path.length || path[i] == '/') {
                names.add(NamePattern.characters(Arrays.copyOfRange(path, start, i)));
                start = i + 1;
            }
        }
        return names;
    }

    @Override
    public String toString() {
        return text;
    }
}
