package sago.sender.restore;

import java.nio.file.Path;
import java.util.List;
import sago.sender.pattern.PathPattern;

/**
 * What to restore, and where.
 *
 * @param target folder under which each entry gets its absolute source path; created if need be
 * @param includes what to restore; empty: everything
 * @param workers threads that fetch and write
 */
public record RestoreOptions(Path target, List<PathPattern> includes, int workers) {
    public RestoreOptions {
        includes = List.copyOf(includes);
        if (workers <= 0) {
            throw new IllegalArgumentException("workers: " + workers);
        }
    }
}
