package sago.receiver.store;

import sago.common.id.DatasetId;
import sago.common.id.Hash;
import sago.common.id.SessionId;

/**
 * A session and how its key is sealed. Immutable.
 *
 * @param headerSha256 of its first header, which manifests name
 * @param keyEpoch of its newest header
 */
public record StoredSession(SessionId session, DatasetId dataset, Hash headerSha256, int keyEpoch) {}
