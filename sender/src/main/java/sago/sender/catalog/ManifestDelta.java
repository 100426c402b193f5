package sago.sender.catalog;

import java.util.List;
import sago.common.id.Hash;
import sago.common.id.PackId;
import sago.common.pack.PackEntry;

/**
 * What the next manifest at a site changes.
 *
 * @param added durable there and in no committed manifest: of this session, and of earlier ones that were cut off
 * @param dropped in a committed manifest, but the site has lost them
 * @param sessionHeaders SHA-256 of the session headers that the added packs need
 */
public record ManifestDelta(List<PackEntry> added, List<PackId> dropped, List<Hash> sessionHeaders) {
    public ManifestDelta {
        added = List.copyOf(added);
        dropped = List.copyOf(dropped);
        sessionHeaders = List.copyOf(sessionHeaders);
    }
}
