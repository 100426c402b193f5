package sago.sender.restore;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import sago.sender.source.posix.FileStatus;
import sago.sender.tree.Entry;
import sago.sender.tree.EntryKind;
import sago.sender.tree.Moment;

/** What to do about something that may be in the target already. Immutable. */
record Existing(Overwrite overwrite, RestoreCounters counters) {
    /** What to do. */
    enum Verdict {
        /** Leave it. */
        KEEP,
        /** Take it for equal without reading it. */
        EQUAL,
        /** Read it: it may be equal, as a whole or in part. */
        COMPARE,
        /** Write it anew, where nothing is or where something else is. */
        REPLACE
    }

    /** What to do about a file, with the status of what is there. */
    Verdict verdict(Entry file, @Nullable FileStatus status) {
        if (status == null) {
            return Verdict.REPLACE;
        }
        if (isKept(file, status)) {
            return Verdict.KEEP;
        }
        if (!TargetFiles.isKind(status, EntryKind.FILE)) {
            return Verdict.REPLACE;
        }
        if (overwrite == Overwrite.IF_CHANGED
                && status.size() == file.size()
                && compareTime(file.attributes().modified(), status) == 0) {
            return Verdict.EQUAL;
        }
        return Verdict.COMPARE;
    }

    /** Whether what is there stays instead of this entry, which is no folder. */
    boolean isKept(Entry entry, @Nullable FileStatus status) {
        return status != null
                && (overwrite == Overwrite.NEVER
                        || (overwrite == Overwrite.IF_NEWER
                                && compareTime(entry.attributes().modified(), status) <= 0));
    }

    private static int compareTime(Moment moment, FileStatus status) {
        Instant there = status.modified();
        long seconds = there.getEpochSecond();
        int nanos = there.getNano();
        // A snapshot may name times that are no instants.
        return moment.seconds() == seconds
                ? Integer.compare(moment.nanos(), nanos)
                : Long.compare(moment.seconds(), seconds);
    }
}
