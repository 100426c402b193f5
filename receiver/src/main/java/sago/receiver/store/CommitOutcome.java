package sago.receiver.store;

import java.util.List;
import sago.common.id.PackId;

/** What became of a COMMIT. Immutable. */
public sealed interface CommitOutcome {
    /** Committed, now or before: the same stub again gives the same answer. */
    record Done(CommittedManifest commit) implements CommitOutcome {}

    /** Nothing changed: these packs of the resulting set are not durable here as the stub says; the first of them, if there are many. */
    record Missing(List<PackId> packs) implements CommitOutcome {
        public Missing {
            packs = List.copyOf(packs);
        }
    }

    /** Nothing changed: the dataset's head is another one. */
    record Conflict(DatasetHead head) implements CommitOutcome {}
}
