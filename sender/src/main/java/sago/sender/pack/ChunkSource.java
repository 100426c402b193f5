package sago.sender.pack;

import sago.common.fault.FaultException;

/** Gives opened chunks. Thread-safe. */
public interface ChunkSource {
    /**
     * The chunk's bytes, of which every tag, length, kind and chunk id was checked.
     *
     * @throws FaultException INTEGRITY where stored bytes are not what was sealed, or a fault of the connection
     */
    byte[] read(ChunkRef ref, ChunkKind kind) throws FaultException, InterruptedException;
}
