package sago.sender.pattern;

import java.util.ArrayList;
import java.util.List;
import sago.common.fault.FaultException;
import sago.sender.tree.EntryKey;

/**
 * What to leave out of a backup by path, with restic's meaning: the last pattern that speaks of a path decides, those with {@code !} take it
 * back. What is below an excluded folder is never looked at, so nothing there can be taken back. Immutable.
 */
public final class Excludes {
    public static final Excludes NONE = new Excludes(List.of(), List.of());

    private final List<ExcludePattern> patterns;
    private final List<ExcludePattern> ignoringCase;

    private Excludes(List<ExcludePattern> patterns, List<ExcludePattern> ignoringCase) {
        this.patterns = patterns;
        this.ignoringCase = ignoringCase;
    }

    /**
     * Both lists are asked, each for itself, in its order.
     *
     * @param patterns in the text of {@link sago.sender.tree.RawText}
     * @param ignoringCase the same, where capital and small letters are alike
     */
    public static Excludes of(List<String> patterns, List<String> ignoringCase) throws FaultException {
        List<ExcludePattern> small = new ArrayList<>();
        for (ExcludePattern pattern : parsed(ignoringCase)) {
            small.add(pattern.ofSmallLetters());
        }
        return new Excludes(parsed(patterns), List.copyOf(small));
    }

    private static List<ExcludePattern> parsed(List<String> texts) throws FaultException {
        List<ExcludePattern> patterns = new ArrayList<>();
        for (String text : texts) {
            patterns.add(ExcludePattern.parse(text));
        }
        return List.copyOf(patterns);
    }

    public boolean isEmpty() {
        return patterns.isEmpty() && ignoringCase.isEmpty();
    }

    /** Whether this path is to be left out with all that is below. */
    public boolean cover(EntryKey key) {
        if (isEmpty()) {
            return false;
        }
        List<int[]> path = PathPattern.namesOf(key);
        if (covers(patterns, path)) {
            return true;
        }
        if (ignoringCase.isEmpty()) {
            return false;
        }
        path.replaceAll(NamePattern::smallLetters);
        return covers(ignoringCase, path);
    }

    private static boolean covers(List<ExcludePattern> patterns, List<int[]> path) {
        boolean covered = false;
        for (ExcludePattern pattern : patterns) {
            if (pattern.isNegated() == covered && pattern.covers(path)) {
                covered = !covered;
            }
        }
        return covered;
    }
}
