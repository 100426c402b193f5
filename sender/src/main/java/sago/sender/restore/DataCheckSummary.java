package sago.sender.restore;

import sago.common.fault.Fault;
import sago.common.fault.FaultException;

/**
 * What a check of stored data found so far.
 *
 * @param entries of the trees that were walked
 * @param chunks references of data that were met
 * @param read chunks of data that were fetched, opened and compared with their ids
 * @param bytes in those chunks, uncompressed
 * @param damaged files with at least one chunk that is not what was sealed
 */
public record DataCheckSummary(long entries, long chunks, long read, long bytes, long damaged) {
    /** Throws INTEGRITY if anything is damaged. */
    public void requireWhole() throws FaultException {
        if (damaged > 0) {
            throw new FaultException(
                    Fault.INTEGRITY,
                    damaged
                            + " files cannot be restored as they were: their stored data is damaged; back them up again");
        }
    }
}
