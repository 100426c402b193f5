package sago.sender.pack;

import sago.common.fault.FaultException;

/** Turns bytes into a stored chunk: id, look-up, compression, record, seal. Confined to one thread. */
public interface ChunkWriter {
    /**
     * Stores a chunk unless it is present already. Borrows the bytes. Blocks while the window is full.
     *
     * @throws FaultException when the session cannot go on
     */
    ChunkRef write(ChunkKind kind, byte[] bytes, int offset, int length) throws FaultException, InterruptedException;
}
