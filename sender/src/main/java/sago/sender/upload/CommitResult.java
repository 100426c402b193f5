package sago.sender.upload;

import com.google.protobuf.ByteString;
import java.util.List;
import sago.common.id.Hash;
import sago.common.id.PackId;

/** What the site answered to COMMIT. */
public sealed interface CommitResult permits CommitResult.Committed, CommitResult.Missing, CommitResult.Conflict {
    /**
     * The snapshot is committed; all packs of the resulting set are durable at the site.
     *
     * @param receipt the exact bytes of the verified receipt
     */
    record Committed(ByteString receipt) implements CommitResult {}

    /** Nothing changed: the site does not hold these packs durably. */
    record Missing(List<PackId> packs) implements CommitResult {
        public Missing {
            packs = List.copyOf(packs);
        }
    }

    /** Nothing changed: the newest snapshot at the site is not the one that this commit follows. */
    record Conflict(Hash head, long sequence) implements CommitResult {}
}
