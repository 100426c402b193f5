package sago.receiver.store;

import sago.common.merkle.MerkleHasher;
import sago.common.time.Clock;
import sago.receiver.journal.Journal;

/** What the parts of the store share. Immutable; any thread. */
record StoreContext(
        StateReader state,
        Journal journal,
        PackFiles files,
        SpaceGauge space,
        StoreHealth health,
        ThreadLocal<MerkleHasher> hashers,
        Clock clock,
        long graceMs) {
    private static final int MS_PER_SECOND = 1_000;

    /** The calling thread's own. */
    MerkleHasher hasher() {
        return hashers.get();
    }

    /** Until when a pack whose record is of this time is kept though no manifest names it, in seconds since the epoch. */
    long keepUntil(long recordMs) {
        return (recordMs + graceMs) / MS_PER_SECOND;
    }
}
