package sago.sender.upload;

import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;

/** What this package does with faults that several threads see. */
final class Faults {
    private Faults() {}

    /** The same fault for another thread: its own stack, the first one as cause. */
    static FaultException again(FaultException first) {
        return new FaultException(first.fault(), String.valueOf(first.getMessage()), first);
    }

    /** The fault with which a stage failed; anything else is a mistake of ours, said as FATAL. */
    static FaultException of(Throwable thrown) {
        Throwable cause = thrown;
        if ((thrown instanceof CompletionException || thrown instanceof ExecutionException)
                && thrown.getCause() != null) {
            cause = thrown.getCause();
        }
        if (cause instanceof FaultException fault) {
            return fault;
        }
        return new FaultException(Fault.FATAL, "the connection failed unexpectedly: " + cause, cause);
    }
}
