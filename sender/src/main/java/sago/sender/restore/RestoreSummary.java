package sago.sender.restore;

import sago.common.fault.Fault;
import sago.common.fault.FaultException;

/**
 * What a restore did so far.
 *
 * @param files written
 * @param unchanged files that were there already with the same bytes
 * @param folders created or found
 * @param links created or found
 * @param bytes of files, written or found equal
 * @param skipped entries of kinds that are not restored
 * @param warnings things that are not as in the snapshot
 * @param damaged files whose stored bytes are not what was sealed
 * @param failed entries that could not be written
 */
public record RestoreSummary(
        long files,
        long unchanged,
        long folders,
        long links,
        long bytes,
        long skipped,
        long warnings,
        long damaged,
        long failed) {
    /** Throws if anything that was asked for is not there. */
    public void requireComplete() throws FaultException {
        if (damaged > 0) {
            throw new FaultException(
                    Fault.INTEGRITY,
                    damaged
                            + " files are damaged at the site and were not restored; everything else was: see the messages"
                            + " above");
        }
        if (failed > 0) {
            throw new FaultException(
                    Fault.DISK, failed + " entries could not be written; everything else was: see the messages above");
        }
    }
}
