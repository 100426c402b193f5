package sago.receiver.serve;

import java.io.IOException;
import java.util.concurrent.CompletionException;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;

/** The fault of a request that failed: as the store named it, the disk's, or our own mistake. Stateless. */
public final class RequestFaults {
    private RequestFaults() {}

    public static FaultException of(Throwable thrown) {
        if (thrown instanceof CompletionException && thrown.getCause() != null) {
            return of(thrown.getCause());
        }
        if (thrown instanceof FaultException fault) {
            return fault;
        }
        return thrown instanceof IOException
                ? new FaultException(Fault.DISK, "the site's disk failed: " + thrown.getMessage(), thrown)
                : new FaultException(Fault.FATAL, "the site made a mistake; its log says more", thrown);
    }
}
