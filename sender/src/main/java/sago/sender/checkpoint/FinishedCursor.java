package sago.sender.checkpoint;

import org.jspecify.annotations.Nullable;
import sago.common.fault.FaultException;

/** Finished files and regions in order. Confined to one thread. */
interface FinishedCursor {
    /**
     * What comes next, or null at the end.
     *
     * @throws FaultException INTEGRITY where the records cannot be meant so
     */
    @Nullable
    FinishedItem peek() throws FaultException;

    /** Steps over what comes next. */
    void advance();
}
