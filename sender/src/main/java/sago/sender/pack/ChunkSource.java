package sago.sender.pack;

import java.io.IOException;
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

    /** What is done with a chunk while its bytes are lent. */
    @FunctionalInterface
    interface ChunkUse {
        /** Borrows the bytes, which are not to be changed. */
        void use(byte[] bytes, int offset, int length) throws IOException;
    }

    /**
     * Lends the bytes that {@link #read} would give, without an array of their own.
     *
     * @throws IOException what the use throws, or what {@link #read} does
     */
    default void lend(ChunkRef ref, ChunkKind kind, ChunkUse use) throws IOException, InterruptedException {
        byte[] bytes = read(ref, kind);
        use.use(bytes, 0, bytes.length);
    }

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
