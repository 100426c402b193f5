package sago.common.protocol;

import sago.common.fault.Fault;
import sago.common.fault.FaultException;

/** What a client may do at a site; a grant names the roles of a TLS key. Immutable. */
public enum ClientRole {
    /** Opens sessions, puts packs, commits: a sender. It reads nothing back and deletes nothing. */
    APPEND(1),
    /** Reads packs, manifests, session headers and keyrings. */
    RESTORE(2),
    /** Lists manifests and has packs hashed again. */
    AUDIT(3),
    /** Delivers orders, each of which home signed; reads session headers, and nothing that was stored. */
    ADMIN(4);

    private final int wireId;

    ClientRole(int wireId) {
        this.wireId = wireId;
    }

    public int wireId() {
        return wireId;
    }

    /** The role of a wire id; unknown is a fault. */
    public static ClientRole ofWireId(int wireId) throws FaultException {
        for (ClientRole role : values()) {
            if (role.wireId == wireId) {
                return role;
            }
        }
        throw new FaultException(Fault.PROTOCOL, "unknown client role " + wireId);
    }
}
