package sago.sender.node;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.trust.SessionHeaders;
import sago.sender.catalog.HeaderRegister;
import sago.sender.catalog.ResealedHeader;
import sago.sender.keys.Vault;
import sago.sender.upload.AdminClient;
import sago.sender.upload.SessionPlace;

/**
 * Headers for one order to one site. What is delivered takes the place of the only header that opens a session there, so it is made only of
 * what is surely right: a first header with the hash by which the site knows the session, one that this vault re-sealed before, or what that
 * site itself holds. Of the last kind nothing is kept for other sites. Confined to one thread.
 */
final class RotationHeaders {
    private final Vault vault;
    private final int keyEpoch;
    private final HeaderRegister known;
    private final AdminClient site;
    private final List<ByteString> headers = new ArrayList<>();
    private final List<ResealedHeader> made = new ArrayList<>();
    private long fetched;

    /** @param keyEpoch for which headers are wanted */
    RotationHeaders(Vault vault, int keyEpoch, HeaderRegister known, AdminClient site) {
        this.vault = vault;
        this.keyEpoch = keyEpoch;
        this.known = known;
        this.site = site;
    }

    /** Headers for the order, in the order in which they were added. */
    List<ByteString> headers() {
        return headers;
    }

    /** Those that home may keep. */
    List<ResealedHeader> made() {
        return made;
    }

    /** How many had to be fetched. */
    long fetched() {
        return fetched;
    }

    void add(SessionPlace place) throws FaultException, InterruptedException {
        Optional<ByteString> local = local(place);
        if (local.isPresent()) {
            ByteString header = resealed(local.get());
            headers.add(header);
            made.add(new ResealedHeader(place.session(), header, vault.headerProof(header)));
        } else {
            fetched++;
            headers.add(resealed(site.session(place.firstHeader())));
        }
    }

    private Optional<ByteString> local(SessionPlace place) throws FaultException {
        Optional<ByteString> again = known.resealed(place.session())
                .filter(kept -> vault.headerProof(kept.header()).equals(kept.proof()))
                .map(ResealedHeader::header);
        if (again.isPresent() && isUseful(again.get(), place)) {
            return again;
        }
        return known.first(place.session(), place.firstHeader()).filter(this::opens);
    }

    private boolean isUseful(ByteString header, SessionPlace place) throws FaultException {
        return SessionHeaders.belongsTo(header, place.firstHeader()) && opens(header);
    }

    /** Whether the vault still has the key of its epoch. */
    private boolean opens(ByteString header) {
        try {
            vault.openSession(header).close();
            return true;
        } catch (FaultException e) {
            return false;
        }
    }

    private ByteString resealed(ByteString header) throws FaultException {
        if (SessionHeaders.read(header).keyEpoch() == keyEpoch) {
            return header;
        }
        try {
            return vault.reseal(header);
        } catch (FaultException e) {
            throw new FaultException(
                    Fault.INTEGRITY,
                    "a session header cannot be opened with this vault, and nothing was deleted: " + e.getMessage(),
                    e);
        }
    }
}
