package sago.sender.restore;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import sago.sender.pattern.PathPattern;
import sago.sender.tree.EntryKey;
import sago.sender.tree.TreeReader;

/** Which entries of a tree are wanted: all, or what patterns match with all that is below, but for what is excluded. Confined to one thread. */
final class Selection {
    private final Scope scope;
    private final int prefix;
    private final boolean[] matched;

    Selection(Scope scope) {
        this.scope = scope;
        this.prefix = scope.subfolder().toBytes().length;
        this.matched = new boolean[scope.includes().size()];
    }

    Scope scope() {
        return scope;
    }

    /** The wanted entries in key order, each after the folders that it lies in. */
    SelectedEntries of(TreeReader tree) {
        return new SelectedEntries(tree, this);
    }

    boolean matches(EntryKey key) {
        boolean any = matched.length == 0;
        EntryKey seen = matched.length == 0 ? key : relative(key);
        for (int i = 0; i < matched.length; i++) {
            if (scope.includes().get(i).matches(seen)) {
                matched[i] = true;
                any = true;
            }
        }
        return any;
    }

    /** Whether a pattern excludes exactly this path; what lies below an excluded folder need not be asked for. */
    boolean isExcluded(EntryKey key) {
        if (scope.excludes().isEmpty()) {
            return false;
        }
        EntryKey seen = relative(key);
        return scope.excludes().stream().anyMatch(exclude -> exclude.matches(seen));
    }

    /** The path as patterns see it. */
    private EntryKey relative(EntryKey key) {
        if (prefix == 0) {
            return key;
        }
        byte[] bytes = key.toBytes();
        return bytes.length <= prefix
                ? EntryKey.ROOT
                : EntryKey.of(Arrays.copyOfRange(bytes, prefix + 1, bytes.length));
    }

    private EntryKey absolute(EntryKey seen) {
        if (prefix == 0 || seen.equals(EntryKey.ROOT)) {
            return prefix == 0 ? seen : scope.subfolder();
        }
        byte[] below = seen.toBytes();
        byte[] bytes = Arrays.copyOf(scope.subfolder().toBytes(), prefix + 1 + below.length);
        System.arraycopy(below, 0, bytes, prefix + 1, below.length);
        return EntryKey.of(bytes);
    }

    /** Where to look: outermost keys, ascending. */
    List<EntryKey> places() {
        TreeSet<EntryKey> keys = new TreeSet<>();
        if (scope.includes().isEmpty()) {
            keys.add(scope.subfolder());
        }
        for (PathPattern include : scope.includes()) {
            keys.add(absolute(include.within()));
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
                unmatched.add(scope.includes().get(i));
            }
        }
        return unmatched;
    }

    @Override
    public String toString() {
        return scope.includes().isEmpty()
                ? "what was asked for"
                : Arrays.toString(scope.includes().toArray());
    }
}
