package sago.sender.backup;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import sago.common.fault.FaultException;
import sago.sender.pack.ChunkId;
import sago.sender.pack.ChunkRef;
import sago.sender.pack.PackedChunk;

/**
 * Chunks of this session whose packs are not durable and indexed yet: what one worker stored, the others find here. Bounded by the
 * window, because a pack leaves it only when it is durable. Thread-safe.
 */
final class PendingChunks {
    /** Many against the number of workers, so that two of them seldom meet without need. */
    private static final int STRIPES = 256;

    private final ConcurrentHashMap<ChunkId, ChunkRef> refs = new ConcurrentHashMap<>();
    private final ReentrantLock[] storing = new ReentrantLock[STRIPES];

    PendingChunks() {
        Arrays.setAll(storing, i -> new ReentrantLock());
    }

    /** Stores a chunk that is not known. */
    @FunctionalInterface
    interface Store {
        ChunkRef run() throws FaultException, InterruptedException;
    }

    /**
     * Stores a chunk unless another worker does or did: names of a hard link, or equal files beside each other, are read at the same time.
     * Nobody waits in a circle: who stores holds this one lock, and what it waits for is room in the window.
     */
    ChunkRef storeOnce(ChunkId id, Store store) throws FaultException, InterruptedException {
        ReentrantLock lock = storing[Math.floorMod(id.hashCode(), STRIPES)];
        lock.lockInterruptibly();
        try {
            ChunkRef known = refs.get(id);
            if (known != null) {
                return known;
            }
            ChunkRef ref = store.run();
            refs.put(id, ref);
            return ref;
        } finally {
            lock.unlock();
        }
    }

    @Nullable
    ChunkRef find(ChunkId id) {
        return refs.get(id);
    }

    /** Their pack is durable, and the index has them. */
    void durable(List<PackedChunk> chunks) {
        for (PackedChunk chunk : chunks) {
            refs.remove(chunk.id(), chunk.ref());
        }
    }

    /** Everything is durable: what is left here would be found by nobody else. */
    void clear() {
        refs.clear();
    }
}
