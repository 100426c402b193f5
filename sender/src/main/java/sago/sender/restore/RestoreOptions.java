package sago.sender.restore;

import java.nio.file.Path;

/**
 * What to restore, and where.
 *
 * @param target folder under which each entry gets its absolute source path; created if need be
 * @param scope which entries
 * @param manner what happens to what is there already
 * @param workers threads that fetch and write
 */
public record RestoreOptions(Path target, Scope scope, Manner manner, int workers) {
    public RestoreOptions {
        if (workers <= 0) {
            throw new IllegalArgumentException("workers: " + workers);
        }
    }

    /** A whole snapshot, over what is there. */
    public static RestoreOptions everything(Path target, int workers) {
        return new RestoreOptions(target, Scope.everything(), Manner.DEFAULT, workers);
    }

    /**
     * How to deal with what is in the target.
     *
     * @param overwrite what happens to what the snapshot has, too
     * @param isDeleting whether what the snapshot has not is removed from folders that were backed up and are restored as a whole
     * @param isDryRun whether it is only told what would happen
     */
    public record Manner(Overwrite overwrite, boolean isDeleting, boolean isDryRun) {
        public static final Manner DEFAULT = new Manner(Overwrite.ALWAYS, false, false);
    }
}
