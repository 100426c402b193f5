package sago.receiver.store;

import sago.common.id.DatasetId;
import sago.common.id.Hash;
import sago.common.id.VaultId;
import sago.receiver.journal.JournalPosition;

/**
 * A commit, as the journal says. Immutable.
 *
 * @param manifest manifest hash
 * @param position its journal record
 * @param timeMs wall clock of the site when it was committed
 * @param expired an order of home has ended it: the site keeps its stub alone
 */
public record CommittedManifest(
        VaultId vault,
        DatasetId dataset,
        long sequence,
        Hash manifest,
        JournalPosition position,
        long timeMs,
        boolean expired) {}
