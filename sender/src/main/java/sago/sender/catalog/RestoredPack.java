package sago.sender.catalog;

import sago.common.id.SessionId;
import sago.common.pack.PackEntry;

/** A pack as a signed stub names it, and the session that its header was found to be of. */
public record RestoredPack(PackEntry entry, SessionId session) {}
