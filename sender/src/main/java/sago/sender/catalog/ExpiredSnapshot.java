package sago.sender.catalog;

import sago.common.id.DatasetId;
import sago.common.id.Hash;
import sago.common.id.SiteId;

/** A snapshot that was forgotten: the site keeps its stub, and packs as far as later snapshots name them. */
public record ExpiredSnapshot(Hash hash, SiteId site, DatasetId dataset, long sequence) {
    /** The name that it had. */
    public String name() {
        return hash.toString().substring(0, Snapshot.NAME_DIGITS);
    }
}
