package sago.sender.backup;

/**
 * What a backup, or one that only looked, found of the source. Immutable.
 *
 * @param fresh files that the last snapshot has not
 * @param modified files that it has with another stat
 * @param unchanged files that it has as they are
 * @param unreadable entries that could not be read
 * @param changed files that were written while they were read
 * @param vanished entries that were gone when their turn came
 */
public record BackupOutcome(
        Files fresh, Files modified, Files unchanged, long unreadable, long changed, long vanished) {
    /** How many, and the sum of their sizes. */
    public record Files(long count, long bytes) {}

    /** Entries that are not in the snapshot as they should be: if any, the command ends with SOURCE_UNREADABLE. */
    public long troubles() {
        return unreadable + changed + vanished;
    }
}
