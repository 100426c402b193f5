package sago.sender.node;

import java.util.List;
import java.util.Optional;
import sago.common.fault.FaultException;

/**
 * How far a rotation came.
 *
 * @param keyEpoch of new sessions
 * @param ended whether the older epochs are gone, at every site and from the vault
 * @param needsBundle name of another sender that still has a grant of an older epoch; empty: none
 */
public record RotationReport(int keyEpoch, List<Site> sites, boolean ended, String needsBundle) {
    public RotationReport {
        sites = List.copyOf(sites);
    }

    /**
     * What was done with one site.
     *
     * @param sessions whose headers were re-sealed
     * @param fetched of these, whose headers home did not have
     * @param movedBytes both ways for the sessions: listing, fetching and delivering their headers, framing and TLS included
     * @param fixedBytes both ways for what does not grow with them: connections, the grant, signatures of orders and receipts
     * @param away why it could not be asked to its end; empty: it was
     */
    public record Site(
            String name, long sessions, long fetched, long movedBytes, long fixedBytes, Optional<FaultException> away) {
        /** Of what was moved for sessions; 0 where there was none. */
        public long bytesPerSession() {
            return sessions == 0 ? 0 : movedBytes / sessions;
        }
    }
}
