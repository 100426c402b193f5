package sago.receiver.store;

import sago.common.id.DatasetId;
import sago.common.id.SessionId;
import sago.common.id.VaultId;
import sago.common.pack.PackEntry;
import sago.receiver.journal.JournalPosition;

/**
 * A pack that just became durable, for receipts. Immutable.
 *
 * @param keepUntil until when it is kept though no manifest names it, in seconds since the epoch
 */
public record StoredPack(
        PackEntry pack,
        VaultId vault,
        DatasetId dataset,
        SessionId session,
        JournalPosition position,
        long keepUntil) {}
