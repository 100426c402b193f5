package sago.sender.backup;

import java.nio.ByteBuffer;
import sago.common.fault.FaultException;
import sago.sender.compress.ChunkCompressor;
import sago.sender.compress.Codec;
import sago.sender.pack.ChunkId;
import sago.sender.pack.ChunkIds;
import sago.sender.pack.ChunkKind;
import sago.sender.pack.ChunkRef;
import sago.sender.pack.ChunkWriter;
import sago.sender.pack.OpenPacks;

/** Stores a chunk unless it is stored already: id, look-up, compression, record. Confined to one thread. */
final class DedupChunkWriter implements ChunkWriter, AutoCloseable {
    private final ChunkIds ids;
    private final ChunkCompressor compressor;
    private final StoredChunks stored;
    private final OpenPacks packs;
    private final BackupCounters counters;

    DedupChunkWriter(DatasetTools tools, StoredChunks stored, OpenPacks packs, BackupCounters counters) {
        this.ids = new ChunkIds(tools.idKey());
        this.compressor = new ChunkCompressor(tools.codecs());
        this.stored = stored;
        this.packs = packs;
        this.counters = counters;
    }

    @Override
    public void close() {
        compressor.close();
    }

    /** Another file begins. */
    void beginStream() {
        compressor.beginStream();
    }

    @Override
    public ChunkRef write(ChunkKind kind, byte[] bytes, int offset, int length)
            throws FaultException, InterruptedException {
        counters.chunks.increment();
        ChunkId id = ids.of(kind, bytes, offset, length);
        ChunkRef known = stored.find(id, length);
        return known != null
                ? known
                : stored.pending().storeOnce(id, () -> store(new NewChunk(id, kind), bytes, offset, length));
    }

    private record NewChunk(ChunkId id, ChunkKind kind) {}

    private ChunkRef store(NewChunk chunk, byte[] bytes, int offset, int length)
            throws FaultException, InterruptedException {
        Codec codec = compressor.compress(bytes, offset, length);
        ByteBuffer record = ByteBuffer.wrap(compressor.stored(), compressor.storedOffset(), compressor.storedLength());
        ChunkRef ref = packs.append(chunk.id, chunk.kind, codec, length, record);
        counters.newChunks.increment();
        counters.newBytes.add(length);
        counters.stored(codec).add(ref.stored());
        return ref;
    }
}
