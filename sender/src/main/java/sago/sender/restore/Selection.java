package sago.sender.restore;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import sago.sender.pattern.PathPattern;
import sago.sender.tree.EntryKey;
import sago.sender.tree.TreeReader;

/** Which entries of a tree are wanted: all, or what patterns match with all that is below. Confined to one thread. */
final class Selection {
    private final List<PathPattern> includes;
    private final boolean[] matched;

    Selection(List<PathPattern> includes) {
        this.includes = List.copyOf(includes);
        this.matched = new boolean[includes.size()];
    }

    /** The wanted entries in key order, each after the folders that it lies in. */
    SelectedEntries of(TreeReader tree) {
        return new SelectedEntries(tree, this);
    }

    boolean matches(EntryKey key) {
        boolean any = includes.isEmpty();
        for (int i = 0; i < matched.length; i++) {
            if (includes.get(i).matches(key)) {
                matched[i] = true;
                any = true;
            }
        }
        return any;
    }

    /** Where to look: outermost keys, ascending. */
    List<EntryKey> places() {
        TreeSet<EntryKey> keys = new TreeSet<>();
        if (includes.isEmpty()) {
            keys.add(EntryKey.ROOT);
        }
        for (PathPattern include : includes) {
            keys.add(include.within());
        }
        List<EntryKey> outermost = new ArrayList<>();
        for (EntryKey key : keys) {
            if (outermost.isEmpty() || !key.isWithin(outermost.get(outermost.size() - 1))) {
                outermost.add(key);
            }
        }
        return outermost;
    }

    /** Patterns that matched nothing of what was walked so far, though something above may have been chosen by another. */
    List<PathPattern> unmatched() {
        List<PathPattern> unmatched = new ArrayList<>();
        for (int i = 0; i < matched.length; i++) {
            if (!matched[i]) {
                unmatched.add(includes.get(i));
            }
        }
        return unmatched;
    }

    @Override
    public String toString() {
        return Arrays.toString(includes.toArray());
    }
}
