package sago.sender.upload;

import sago.common.id.Hash;
import sago.common.id.SessionId;

/**
 * A session as a site lists it.
 *
 * @param firstHeader hash of its first header, which names it for ever
 * @param keyEpoch of its newest header
 */
public record SessionPlace(SessionId session, Hash firstHeader, int keyEpoch) {}
