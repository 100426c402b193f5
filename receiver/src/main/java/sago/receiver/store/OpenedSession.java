package sago.receiver.store;

import sago.common.id.DatasetId;
import sago.common.id.Hash;
import sago.common.id.SessionId;
import sago.common.id.VaultId;
import sago.common.pack.PackGeometry;

/** A session whose header is in the journal. Immutable. */
public record OpenedSession(
        VaultId vault, DatasetId dataset, SessionId session, PackGeometry geometry, Hash headerSha256) {}
