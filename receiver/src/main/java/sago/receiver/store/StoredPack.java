package sago.receiver.store;

import sago.common.id.DatasetId;
import sago.common.id.SessionId;
import sago.common.id.VaultId;
import sago.common.pack.PackEntry;
import sago.receiver.journal.JournalPosition;

/** A pack that just became durable, for receipts. Immutable. */
public record StoredPack(
        PackEntry pack, VaultId vault, DatasetId dataset, SessionId session, JournalPosition position) {}
