package sago.receiver.store;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;

/**
 * Whether the store may still promise anything. After a force has failed nobody knows what the disk holds, so from then on every
 * operation is refused, and the process must end and recover by reading. Sticky, thread-safe.
 */
final class StoreHealth {
    private final CompletableFuture<FaultException> failure = new CompletableFuture<>();

    /** Refuses everything from now on. */
    void fail(FaultException cause) {
        failure.complete(cause);
    }

    void check() throws FaultException {
        if (failure.isDone()) {
            throw new FaultException(
                    Fault.DISK,
                    "the site's disk failed before, and it stores nothing until it was started again: "
                            + failure.join().getMessage(),
                    failure.join());
        }
    }

    CompletionStage<FaultException> failure() {
        return failure.minimalCompletionStage();
    }
}
