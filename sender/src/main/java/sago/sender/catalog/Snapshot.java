package sago.sender.catalog;

import sago.common.id.DatasetId;
import sago.common.id.Hash;
import sago.common.id.SiteId;
import sago.sender.proto.SnapshotBody;

/**
 * A committed snapshot at a site.
 *
 * @param hash manifest hash; its first 12 digits name the snapshot
 * @param body what the sealed body says
 * @param storedBytes of packs that it added
 */
public record Snapshot(Hash hash, SiteId site, DatasetId dataset, long sequence, SnapshotBody body, long storedBytes) {
    static final int NAME_DIGITS = 12;

    /** The name that users see and type. */
    public String name() {
        return hash.toString().substring(0, NAME_DIGITS);
    }
}
