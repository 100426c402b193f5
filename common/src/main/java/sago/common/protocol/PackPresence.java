package sago.common.protocol;

import sago.common.fault.Fault;
import sago.common.fault.FaultException;

/** What a site holds of a pack, as PACK_STATES says. Immutable. */
public enum PackPresence {
    /** Nothing: every slice has to be sent. */
    UNKNOWN(1),
    /** Some slices, in a file that is not durable yet. */
    RECEIVING(2),
    /** The whole pack, verified, forced and journalled. */
    DURABLE(3);

    private final int wireId;

    PackPresence(int wireId) {
        this.wireId = wireId;
    }

    public int wireId() {
        return wireId;
    }

    /** The presence of a wire id; unknown is a fault. */
    public static PackPresence ofWireId(int wireId) throws FaultException {
        for (PackPresence presence : values()) {
            if (presence.wireId == wireId) {
                return presence;
            }
        }
        throw new FaultException(Fault.PROTOCOL, "unknown pack presence " + wireId);
    }
}
