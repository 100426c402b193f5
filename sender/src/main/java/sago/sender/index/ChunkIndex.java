package sago.sender.index;

import java.util.List;
import org.jspecify.annotations.Nullable;
import sago.common.fault.FaultException;
import sago.sender.pack.ChunkId;
import sago.sender.pack.ChunkRef;
import sago.sender.pack.PackedChunk;

/**
 * Finds chunks by id. It may forget, and it may name a pack that is gone: the caller looks the pack up in the catalog. It never
 * names a wrong place for a chunk that it was not told. Thread-safe.
 */
public interface ChunkIndex extends AutoCloseable {
    /** Where a chunk was stored last, or null. */
    @Nullable
    ChunkRef find(ChunkId id) throws FaultException;

    /** Notes the chunks of a pack that became durable; a chunk that is known already moves there. */
    void insert(List<PackedChunk> chunks) throws FaultException;

    @Override
    void close() throws FaultException;
}
