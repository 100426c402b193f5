package sago.receiver.store;

import sago.common.merkle.MerkleHasher;
import sago.receiver.journal.Journal;

/** What the parts of the store share. Immutable; any thread. */
record StoreContext(
        StateReader state,
        Journal journal,
        PackFiles files,
        SpaceGauge space,
        StoreHealth health,
        ThreadLocal<MerkleHasher> hashers) {
    /** The calling thread's own. */
    MerkleHasher hasher() {
        return hashers.get();
    }
}
