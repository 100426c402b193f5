package sago.sender.tree;

import org.jspecify.annotations.Nullable;
import sago.common.fault.FaultException;

/** Entries in ascending key order, one at a time. Confined to one thread. */
public interface EntryCursor {
    /**
     * The next entry, or null at the end. After a fault the cursor is of no use.
     *
     * @throws FaultException INTEGRITY where a node is not what a tree may hold
     */
    @Nullable
    Entry next() throws FaultException, InterruptedException;
}
