package sago.common.protocol;

import sago.common.fault.Fault;
import sago.common.fault.FaultException;

/** Whether a site takes more data, as SITE_STATE says. Immutable. */
public enum SiteCondition {
    /** Credit is granted. */
    OK(1),
    /** The disk is at its watermark: no credit until there is room; what is durable stays. */
    FULL(2);

    private final int wireId;

    SiteCondition(int wireId) {
        this.wireId = wireId;
    }

    public int wireId() {
        return wireId;
    }

    /** The condition of a wire id; unknown is a fault. */
    public static SiteCondition ofWireId(int wireId) throws FaultException {
        for (SiteCondition condition : values()) {
            if (condition.wireId == wireId) {
                return condition;
            }
        }
        throw new FaultException(Fault.PROTOCOL, "unknown site condition " + wireId);
    }
}
