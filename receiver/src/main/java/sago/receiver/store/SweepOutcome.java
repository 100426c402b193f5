package sago.receiver.store;

import java.util.OptionalLong;

/**
 * What one sweep did. Immutable.
 *
 * @param packs that went
 * @param bytes that their files had
 * @param unnamed packs that no snapshot names and that stay for now
 * @param more whether others are due now
 * @param nextDueMs wall clock at which the next pack is due, if there is one
 */
public record SweepOutcome(int packs, long bytes, long unnamed, boolean more, OptionalLong nextDueMs) {}
