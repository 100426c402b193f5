package sago.bench.index;

import java.util.ArrayList;
import java.util.List;
import sago.common.id.PackId;
import sago.sender.pack.ChunkId;
import sago.sender.pack.ChunkKind;
import sago.sender.pack.ChunkRef;
import sago.sender.pack.PackedChunk;

/** Chunks that can be named again by their number: ids as evenly spread as keyed hashes are. Stateless. */
final class SpreadChunks {
    /** About what one pack of 32 MiB holds. */
    static final int PER_PACK = 32;

    private static final int CHUNK_BYTES = 1 << 20;

    private SpreadChunks() {}

    static ChunkId id(long number) {
        return new ChunkId(mix(4 * number), mix(4 * number + 1), mix(4 * number + 2), mix(4 * number + 3));
    }

    /** The chunks of the pack that begins with this number. */
    static List<PackedChunk> pack(long first) {
        PackId pack = new PackId(mix(-first - 1), first);
        List<PackedChunk> chunks = new ArrayList<>(PER_PACK);
        for (int i = 0; i < PER_PACK; i++) {
            ChunkId id = id(first + i);
            chunks.add(new PackedChunk(
                    id,
                    ChunkKind.DATA,
                    new ChunkRef(pack, i * CHUNK_BYTES / 2, CHUNK_BYTES / 2, CHUNK_BYTES, id.check())));
        }
        return chunks;
    }

    /** The finalizer of SplitMix64: a permutation of all longs. */
    static long mix(long value) {
        long z = value * 0x9e3779b97f4a7c15L;
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}
