package sago.sender.tree;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.CRC32C;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.id.PackId;
import sago.sender.pack.ChunkKind;
import sago.sender.pack.ChunkRef;
import sago.sender.pack.ChunkSource;
import sago.sender.pack.ChunkWriter;

/** Chunks in memory, deduplicated by content, that can be damaged. Writing is for one thread, reading for any. */
public final class MemoryChunks implements ChunkWriter, ChunkSource {
    private static final int PACK_CHUNKS = 100;

    private final Map<ChunkRef, Stored> byRef = new ConcurrentHashMap<>();
    private final Map<Stored, ChunkRef> byContent = new ConcurrentHashMap<>();
    private final Set<ChunkRef> damaged = ConcurrentHashMap.newKeySet();
    private final Map<ChunkKind, Integer> writtenNew = new ConcurrentHashMap<>();
    private final Map<ChunkRef, Integer> reads = new ConcurrentHashMap<>();

    /** A chunk's kind and bytes, the same where both are. */
    private static final class Stored {
        final ChunkKind kind;
        final byte[] bytes;

        Stored(ChunkKind kind, byte[] bytes) {
            this.kind = kind;
            this.bytes = bytes;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Stored stored && kind == stored.kind && Arrays.equals(bytes, stored.bytes);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(bytes);
        }
    }

    @Override
    public ChunkRef write(ChunkKind kind, byte[] bytes, int offset, int length) {
        Stored stored = new Stored(kind, Arrays.copyOfRange(bytes, offset, offset + length));
        return byContent.computeIfAbsent(stored, this::store);
    }

    private ChunkRef store(Stored stored) {
        int number = byRef.size();
        CRC32C crc = new CRC32C();
        crc.update(stored.bytes);
        PackId pack = new PackId(7, number / PACK_CHUNKS);
        ChunkRef ref = new ChunkRef(
                pack, number % PACK_CHUNKS * 1000, stored.bytes.length, stored.bytes.length, crc.getValue());
        byRef.put(ref, stored);
        writtenNew.merge(stored.kind, 1, Integer::sum);
        return ref;
    }

    /** Stores bytes as data. */
    public ChunkRef data(byte[] bytes) {
        return write(ChunkKind.DATA, bytes, 0, bytes.length);
    }

    @Override
    public byte[] read(ChunkRef ref, ChunkKind kind) throws FaultException {
        Stored stored = byRef.get(ref);
        if (stored == null || stored.kind != kind || damaged.contains(ref)) {
            throw new FaultException(Fault.INTEGRITY, "no such " + kind + " chunk: " + ref);
        }
        reads.merge(ref, 1, Integer::sum);
        return stored.bytes.clone();
    }

    /** From now on this chunk cannot be read. */
    public void damage(ChunkRef ref) {
        damaged.add(ref);
    }

    /** Chunks of this kind that were not there before they were written. */
    public int writtenNew(ChunkKind kind) {
        return writtenNew.getOrDefault(kind, 0);
    }

    public int reads(ChunkKind kind) {
        return reads.entrySet().stream()
                .filter(e -> Objects.requireNonNull(byRef.get(e.getKey())).kind == kind)
                .mapToInt(Map.Entry::getValue)
                .sum();
    }

    /** Sizes of all chunks of this kind. */
    public int[] sizes(ChunkKind kind) {
        return byRef.values().stream()
                .filter(stored -> stored.kind == kind)
                .mapToInt(stored -> stored.bytes.length)
                .toArray();
    }

    /** Content of a file in pieces of this length. */
    public FileContent content(byte[] bytes, int chunkBytes) throws IOException, InterruptedException {
        ContentBuilder builder = new ContentBuilder(this);
        ByteBuffer rest = ByteBuffer.wrap(bytes);
        while (rest.hasRemaining()) {
            byte[] chunk = new byte[Math.min(chunkBytes, rest.remaining())];
            rest.get(chunk);
            builder.add(data(chunk));
        }
        return builder.finish();
    }
}
