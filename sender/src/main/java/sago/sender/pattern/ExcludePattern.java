package sago.sender.pattern;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;

/**
 * One pattern of what to leave out, with restic's meaning: it covers a path if its names match names of the path that follow each other,
 * anywhere, or from the top if it begins with {@code /}; so it covers what is below too. {@code **} stands for any number of names. After
 * {@code !} it takes back what patterns before it cover. Immutable.
 */
final class ExcludePattern {
    private static final String ANY_NAMES = "**";

    private final boolean negated;
    private final boolean fromTop;
    private final List<NamePattern> names;

    private ExcludePattern(boolean negated, boolean fromTop, List<NamePattern> names) {
        this.negated = negated;
        this.fromTop = fromTop;
        this.names = List.copyOf(names);
    }

    static ExcludePattern parse(String text) throws FaultException {
        boolean negated = text.startsWith("!");
        String path = negated ? text.substring(1) : text;
        if (path.isEmpty()) {
            throw new FaultException(Fault.USAGE, "a pattern of what to exclude is empty");
        }
        boolean fromTop = path.startsWith("/");
        List<NamePattern> names = new ArrayList<>();
        for (String name : cleaned(path, fromTop)) {
            names.add(name.equals(ANY_NAMES) ? NamePattern.ANY : NamePattern.parse(name));
        }
        return new ExcludePattern(negated, fromTop, names);
    }

    /** The names of a path without empty ones, {@code .} and {@code ..}. */
    private static Deque<String> cleaned(String path, boolean fromTop) {
        Deque<String> names = new ArrayDeque<>();
        for (String name : path.split("/", -1)) {
            if (name.isEmpty() || name.equals(".")) {
                continue;
            }
            boolean climbs = name.equals("..");
            if (climbs && !names.isEmpty() && !names.getLast().equals("..")) {
                names.removeLast();
            } else if (!climbs || !fromTop) {
                names.add(name);
            }
        }
        return names;
    }

    boolean isNegated() {
        return negated;
    }

    ExcludePattern ofSmallLetters() {
        return new ExcludePattern(
                negated,
                fromTop,
                names.stream().map(NamePattern::ofSmallLetters).toList());
    }

    /** Whether the path of these names lies at or below a match. */
    boolean covers(List<int[]> path) {
        if (names.isEmpty()) {
            return fromTop;
        }
        for (int start = 0; start <= (fromTop ? 0 : path.size()); start++) {
            if (matchesFrom(0, path, start)) {
                return true;
            }
        }
        return false;
    }

    private boolean matchesFrom(int first, List<int[]> path, int start) {
        int depth = start;
        for (int at = first; at < names.size(); at++) {
            NamePattern name = names.get(at);
            if (name == NamePattern.ANY) {
                for (int rest = depth; rest <= path.size(); rest++) {
                    if (matchesFrom(at + 1, path, rest)) {
                        return true;
                    }
                }
                return false;
            }
            if (depth == path.size() || !name.matches(path.get(depth))) {
                return false;
            }
            depth++;
        }
        return true;
    }
}
