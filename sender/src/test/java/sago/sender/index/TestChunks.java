package sago.sender.index;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import sago.common.fault.FaultException;
import sago.common.id.PackId;
import sago.sender.pack.ChunkId;
import sago.sender.pack.ChunkKind;
import sago.sender.pack.ChunkRef;
import sago.sender.pack.PackedChunk;

/** Chunks with random ids and places, and what an index says of them. */
final class TestChunks {
    private final Random random;

    TestChunks(long seed) {
        this.random = new Random(seed);
    }

    List<PackedChunk> next(int count) {
        List<PackedChunk> chunks = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            ChunkId id = new ChunkId(random.nextLong(), random.nextLong(), random.nextLong(), random.nextLong());
            PackId pack = new PackId(random.nextLong(), random.nextLong());
            chunks.add(new PackedChunk(
                    id, ChunkKind.DATA, new ChunkRef(pack, random.nextInt(1 << 20), 100, 200, id.check())));
        }
        return chunks;
    }

    /** How many of them are not found; none is found in another place. */
    static int lost(ChunkIndex index, List<PackedChunk> chunks) throws FaultException {
        int lost = 0;
        for (PackedChunk chunk : chunks) {
            ChunkRef ref = index.find(chunk.id());
            if (ref == null) {
                lost++;
            } else {
                assertThat(ref).isEqualTo(chunk.ref());
            }
        }
        return lost;
    }

    static void requireAll(ChunkIndex index, List<PackedChunk> chunks) throws FaultException {
        assertThat(lost(index, chunks)).isZero();
    }

    static void requireNone(ChunkIndex index, List<PackedChunk> chunks) throws FaultException {
        assertThat(lost(index, chunks)).isEqualTo(chunks.size());
    }
}
