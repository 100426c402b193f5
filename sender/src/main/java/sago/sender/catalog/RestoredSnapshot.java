package sago.sender.catalog;

import com.google.protobuf.ByteString;
import java.util.List;
import java.util.Optional;
import sago.common.id.PackId;
import sago.sender.proto.SnapshotBody;

/**
 * A committed snapshot as it was read back from a site, verified.
 *
 * @param body what was in the sealed body; the default one of a snapshot that has expired
 * @param receipt of its commit, unless the site shows none that is good
 * @param sessions whose headers its stub names
 * @param packs that it added, that no later one dropped, and that the site still holds
 * @param lost packs like these that the site does not hold
 */
public record RestoredSnapshot(
        PreparedManifest manifest,
        SnapshotBody body,
        Optional<ByteString> receipt,
        List<SessionRow> sessions,
        List<RestoredPack> packs,
        List<PackId> lost) {
    public RestoredSnapshot {
        sessions = List.copyOf(sessions);
        packs = List.copyOf(packs);
        lost = List.copyOf(lost);
    }

    /** Whether the site has only its stub: a sealed body is never empty. */
    boolean isExpired() {
        return manifest.sealedBody().isEmpty();
    }
}
