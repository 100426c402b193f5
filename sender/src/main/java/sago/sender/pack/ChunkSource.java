package sago.sender.pack;

import java.util.Arrays;
import sago.common.fault.FaultException;

/** Gives opened chunks. Thread-safe. */
public interface ChunkSource {
    /**
     * The chunk's bytes, of which every tag, length, kind and chunk id was checked.
     *
     * @throws FaultException INTEGRITY where stored bytes are not what was sealed, or a fault of the connection
     */
    byte[] read(ChunkRef ref, ChunkKind kind) throws FaultException, InterruptedException;

    /**
     * Whether these bytes are the chunk's: by its id where that can be computed, so that nothing need be fetched.
     *
     * @param length of the chunk; the array may be longer
     */
    default boolean holds(ChunkRef ref, ChunkKind kind, byte[] bytes, int length)
            throws FaultException, InterruptedException {
        byte[] chunk = read(ref, kind);
        return Arrays.equals(chunk, 0, chunk.length, bytes, 0, length);
    }
}
