package sago.receiver.journal;

import sago.common.id.Hash;

/**
 * A point of the journal: everything up to this record, proven by its chain hash. Immutable.
 *
 * @param sequence of the record, from 1; 0 before the first
 * @param chain SHA-256 over the record, which names the chain hash of the one before
 */
public record JournalPosition(long sequence, Hash chain) {
    /** Before the first record. */
    public static final JournalPosition START = new JournalPosition(0, Hash.ZERO);

    public JournalPosition {
        if (sequence < 0) {
            throw new IllegalArgumentException("journal sequence < 0: " + sequence);
        }
    }
}
