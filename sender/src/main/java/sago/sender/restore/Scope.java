package sago.sender.restore;

import java.util.List;
import sago.sender.pattern.PathPattern;
import sago.sender.tree.EntryKey;

/**
 * Which part of a snapshot. Patterns see paths as they are below the subfolder. Immutable.
 *
 * @param subfolder what lies below it is restored right into the target; {@link EntryKey#ROOT}: everything under its whole path
 * @param sources the paths that were backed up: folders above them are in the snapshot only as a way there
 * @param includes what to restore; empty: everything
 * @param excludes what not to restore, with all that is below
 */
public record Scope(
        EntryKey subfolder, List<EntryKey> sources, List<PathPattern> includes, List<PathPattern> excludes) {
    public Scope {
        sources = List.copyOf(sources);
        includes = List.copyOf(includes);
        excludes = List.copyOf(excludes);
    }

    /** A whole snapshot. */
    public static Scope everything() {
        return new Scope(EntryKey.ROOT, List.of(), List.of(), List.of());
    }

    /** Whether a folder was backed up itself, rather than being on the way to what was. */
    boolean isBackedUp(EntryKey folder) {
        return sources.stream().anyMatch(folder::isWithin);
    }
}
