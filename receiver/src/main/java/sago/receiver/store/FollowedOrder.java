package sago.receiver.store;

import sago.common.id.DatasetId;
import sago.common.id.Hash;
import sago.common.id.VaultId;
import sago.receiver.journal.JournalPosition;

/**
 * An order that was carried out, as the journal says. Immutable.
 *
 * @param order its hash
 * @param position its journal record
 * @param timeMs wall clock of the site when it was carried out
 */
public record FollowedOrder(
        VaultId vault, DatasetId dataset, long sequence, Hash order, JournalPosition position, long timeMs) {}
