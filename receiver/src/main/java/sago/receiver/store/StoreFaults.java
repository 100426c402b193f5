package sago.receiver.store;

import sago.common.durable.NoSpace;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;

/** Turns failures of the disk into faults. */
final class StoreFaults {
    private StoreFaults() {}

    /** @param doing what failed, such as "write pack 00ab…" */
    static FaultException of(Throwable failure, String doing) {
        if (failure instanceof FaultException fault) {
            return fault;
        }
        if (NoSpace.is(failure)) {
            return new FaultException(
                    Fault.SITE_FULL, "the site's disk is full: it could not " + doing + "; make room there", failure);
        }
        return new FaultException(
                Fault.DISK, "the site could not " + doing + " (" + failure.getMessage() + "): check its disk", failure);
    }

    static FaultException damaged(String what, String todo) {
        return new FaultException(Fault.INTEGRITY, what + " is damaged: " + todo);
    }

    static FaultException protocol(String message) {
        return new FaultException(Fault.PROTOCOL, message);
    }
}
