package sago.sender.restore;

import java.util.Map;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;

/**
 * What a restore did so far, or in a dry run would do.
 *
 * @param byAction files, and whatever was kept or deleted
 * @param others what is no file of its own
 * @param bytes of files, written or found equal
 * @param writtenBytes those of them that were written
 * @param trouble what is not as in the snapshot
 */
public record RestoreSummary(
        Map<RestoreAction, Long> byAction, Others others, long bytes, long writtenBytes, Trouble trouble) {
    public RestoreSummary {
        byAction = Map.copyOf(byAction);
    }

    /**
     * Entries that hold no bytes of their own, created or found.
     *
     * @param links symbolic ones
     * @param nodes pipes, sockets and devices
     * @param hardLinks further names of what has several
     */
    public record Others(long folders, long links, long nodes, long hardLinks) {}

    /**
     * What went wrong.
     *
     * @param shortfalls entries that are there but lack something
     * @param warnings everything else that was only said
     * @param damaged files whose stored bytes are not what was sealed
     * @param failed entries that could not be written
     */
    public record Trouble(Map<Shortfall, Long> shortfalls, long warnings, long damaged, long failed) {
        public Trouble {
            shortfalls = Map.copyOf(shortfalls);
        }
    }

    private long of(RestoreAction action) {
        return byAction.getOrDefault(action, 0L);
    }

    /** Files that were written, whole or in part. */
    public long files() {
        return of(RestoreAction.CREATE) + of(RestoreAction.UPDATE);
    }

    /** Files that were there already with the same bytes. */
    public long unchanged() {
        return of(RestoreAction.UNCHANGED);
    }

    /** Entries whose place was taken and was left alone. */
    public long kept() {
        return of(RestoreAction.KEEP);
    }

    /** What was removed because the snapshot does not have it; a folder counts once. */
    public long deleted() {
        return of(RestoreAction.DELETE);
    }

    /** Throws if anything that was asked for is not there. */
    public void requireComplete() throws FaultException {
        if (trouble.damaged() > 0) {
            throw new FaultException(
                    Fault.INTEGRITY,
                    trouble.damaged()
                            + " files are damaged at the site and were not restored; everything else was: see the messages"
                            + " above");
        }
        if (trouble.failed() > 0) {
            throw new FaultException(
                    Fault.DISK,
                    trouble.failed() + " entries could not be written; everything else was: see the messages above");
        }
    }
}
