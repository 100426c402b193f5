package sago.sender.backup;

import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import sago.sender.pack.ChunkId;
import sago.sender.pack.ChunkRef;
import sago.sender.pack.PackedChunk;

/**
 * Chunks of this session whose packs are not durable and indexed yet: what one worker stored, the others find here. Bounded by the
 * window, because a pack leaves it only when it is durable. Thread-safe.
 */
final class PendingChunks {
    private final ConcurrentHashMap<ChunkId, ChunkRef> refs = new ConcurrentHashMap<>();

    @Nullable
    ChunkRef find(ChunkId id) {
        return refs.get(id);
    }

    /** Two workers may have stored the same chunk at the same time: the first is found from now on, the other is legal waste. */
    void put(ChunkId id, ChunkRef ref) {
        refs.putIfAbsent(id, ref);
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
