package sago.receiver.store;

/**
 * Which manifests of its dataset name a pack: those that count, from the one that added it up to the one before that which dropped it.
 * Immutable.
 *
 * @param added sequence of the manifest that added it, 0 if none did
 * @param dropped sequence of the manifest that dropped it again, 0 if none did
 * @param unnamedMs wall clock of the record since which no manifest that counts names it; 0 while one does
 */
record PackNames(long added, long dropped, long unnamedMs) {
    /** The record was written by a version that noted no time: until a later record has one, it is not known to be old. */
    static final long UNKNOWN_TIME = Long.MAX_VALUE;

    PackNames {
        if (added < 0 || dropped < 0 || unnamedMs < 0) {
            throw new IllegalArgumentException("names of a pack: " + added + ", " + dropped + ", " + unnamedMs);
        }
    }

    /** Of a pack that was just stored. */
    static PackNames none(long recordMs) {
        return new PackNames(0, 0, since(recordMs));
    }

    /** Whether the newest manifest names it. */
    boolean isMember() {
        return added > 0 && dropped == 0;
    }

    /** Whether a manifest that counts names it. */
    boolean isNamed() {
        return unnamedMs == 0;
    }

    /** While it is named it keeps its first manifest, so that the older ones that name it go on doing so. */
    PackNames addedBy(long sequence) {
        return isNamed() ? new PackNames(added, 0, 0) : new PackNames(sequence, 0, 0);
    }

    /** The manifest before that one still counts and still names it. */
    PackNames droppedBy(long sequence) {
        return added == 0 ? this : new PackNames(added, sequence, unnamedMs);
    }

    /** The last manifest that named it does not count any more. */
    PackNames unnamed(long recordMs) {
        return new PackNames(added, dropped, since(recordMs));
    }

    private static long since(long recordMs) {
        return recordMs <= 0 ? UNKNOWN_TIME : recordMs;
    }
}
