package sago.sender.checkpoint;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.id.PackId;
import sago.common.id.SessionId;
import sago.common.limits.Limits;
import sago.common.pack.PackEntry;
import sago.sender.pack.ChunkId;
import sago.sender.pack.ChunkKind;
import sago.sender.pack.ChunkRef;
import sago.sender.pack.PackedChunk;
import sago.sender.tree.Attributes;
import sago.sender.tree.Entry;
import sago.sender.tree.EntryBlocks;
import sago.sender.tree.Extent;

/** Payloads of the records, as docs/FORMAT.md has them. What is read has passed its checksum and is still not believed. Any thread. */
final class Records {
    /** Chunks in one record of a sealed pack. */
    static final int CHUNKS_MAX = 8192;

    /** References in one record of a region: with the entry they stay well within a record. */
    static final int REGION_REFS_MAX = 4096;

    private static final int CHUNK_BYTES = ChunkId.BYTES + 1 + 3 * Integer.BYTES;
    private static final int SEALED_HEAD_BYTES = SessionId.BYTES + PackEntry.BYTES + 2 * Integer.BYTES;

    private static final int EXTENT_BYTES = 2 * Long.BYTES;
    private static final int EXTENTS_MAX = Limits.HOLES_MAX + 1;

    private Records() {}

    /** A scan begins. */
    record Run(SessionId session, long scanStartMs) {}

    /** Some of the chunks of a sealed pack: those from {@code first} of {@code total}. */
    record Sealed(SessionId session, PackEntry entry, int total, int first, List<PackedChunk> chunks) {}

    record Acknowledged(PackId pack, long keepUntil) {}

    record Totals(long files, long bytes) {}

    static Draft run(SessionId session, long scanStartMs) {
        ByteBuffer to = ByteBuffer.allocate(SessionId.BYTES + Long.BYTES);
        session.write(to);
        return draft(RecordType.RUN, to.putLong(scanStartMs));
    }

    static Run run(ByteBuffer payload) throws FaultException {
        return read(payload, from -> new Run(SessionId.read(from), from.getLong()));
    }

    /** As many records as the pack needs, at least one. */
    static List<Draft> sealed(SessionId session, PackEntry entry, List<PackedChunk> chunks) {
        List<Draft> drafts = new ArrayList<>();
        int first = 0;
        do {
            List<PackedChunk> some = chunks.subList(first, Math.min(first + CHUNKS_MAX, chunks.size()));
            ByteBuffer to = ByteBuffer.allocate(SEALED_HEAD_BYTES + some.size() * CHUNK_BYTES);
            session.write(to);
            entry.write(to);
            to.putInt(chunks.size()).putInt(first);
            for (PackedChunk chunk : some) {
                chunk.id().write(to);
                ChunkRef ref = chunk.ref();
                to.put((byte) chunk.kind().wireId());
                to.putInt(ref.offset()).putInt(ref.stored()).putInt(ref.raw());
            }
            drafts.add(draft(RecordType.SEALED, to));
            first += some.size();
        } while (first < chunks.size());
        return drafts;
    }

    static Sealed sealed(ByteBuffer payload) throws FaultException {
        return read(payload, from -> {
            SessionId session = SessionId.read(from);
            PackEntry entry = PackEntry.read(from);
            int total = from.getInt();
            int first = from.getInt();
            if (total < 0 || total > Limits.PACK_RECORDS_MAX || from.remaining() % CHUNK_BYTES != 0) {
                throw new IllegalArgumentException("pack of " + total + " chunks");
            }
            List<PackedChunk> chunks = new ArrayList<>();
            while (from.hasRemaining()) {
                ChunkId id = ChunkId.read(from);
                ChunkKind kind = ChunkKind.ofWireId(from.get());
                ChunkRef ref = new ChunkRef(entry.id(), from.getInt(), from.getInt(), from.getInt(), id.check());
                chunks.add(new PackedChunk(id, kind, ref));
            }
            return new Sealed(session, entry, total, first, chunks);
        });
    }

    static Draft acknowledged(PackId pack, long keepUntil) {
        ByteBuffer to = ByteBuffer.allocate(PackId.BYTES + Long.BYTES);
        pack.write(to);
        return draft(RecordType.ACKNOWLEDGED, to.putLong(keepUntil));
    }

    static Acknowledged acknowledged(ByteBuffer payload) throws FaultException {
        return read(payload, from -> new Acknowledged(PackId.read(from), from.getLong()));
    }

    /** The entries, which ascend, in as many records as they need. */
    static List<Draft> files(long item, List<Entry> entries) {
        List<Draft> drafts = new ArrayList<>();
        for (byte[] block : EntryBlocks.encode(entries)) {
            drafts.add(draft(
                    RecordType.FILES,
                    ByteBuffer.allocate(Long.BYTES + block.length).putLong(item).put(block)));
        }
        return drafts;
    }

    static Draft region(long item, FinishedItem region) {
        Entry file = region.file();
        byte[] entry = EntryBlocks.encode(
                        List.of(Entry.of(file.key(), file.attributes().withSize(0))))
                .get(0);
        byte[] refs = EntryBlocks.encodeRefs(region.refs());
        int extentBytes = region.extents().size() * EXTENT_BYTES;
        ByteBuffer to =
                ByteBuffer.allocate(3 * Long.BYTES + 2 * Integer.BYTES + entry.length + extentBytes + refs.length);
        to.putLong(item).putLong(region.start()).putLong(file.size());
        to.putInt(entry.length).put(entry);
        to.putInt(region.extents().size());
        for (Extent extent : region.extents()) {
            to.putLong(extent.offset()).putLong(extent.length());
        }
        return draft(RecordType.REGION, to.put(refs));
    }

    /** Number of the item in the walk that a record of files or of a region belongs to. */
    static long item(JournalRecord record) throws FaultException {
        return read(record.payload().duplicate(), from -> {
            long item = from.getLong();
            from.position(from.limit());
            return item;
        });
    }

    /** What a record of files or of a region finished, in key order. */
    static List<FinishedItem> finished(JournalRecord record) throws FaultException {
        return read(record.payload(), from -> {
            from.getLong();
            return record.type() == RecordType.FILES ? files(from) : List.of(region(from));
        });
    }

    private static List<FinishedItem> files(ByteBuffer from) throws FaultException {
        List<FinishedItem> items = new ArrayList<>();
        for (Entry entry : EntryBlocks.decode(rest(from))) {
            items.add(FinishedItem.whole(entry));
        }
        return items;
    }

    private static FinishedItem region(ByteBuffer from) throws FaultException {
        long start = from.getLong();
        long size = from.getLong();
        int length = from.getInt();
        if (length < 0 || length > from.remaining()) {
            throw new IllegalArgumentException("entry of " + length + " bytes");
        }
        byte[] block = new byte[length];
        from.get(block);
        List<Entry> entries = EntryBlocks.decode(block);
        if (entries.size() != 1) {
            throw new IllegalArgumentException("region of " + entries.size() + " files");
        }
        Entry entry = entries.get(0);
        Attributes attributes = entry.attributes().withSize(size);
        List<Extent> extents = extents(from);
        return FinishedItem.region(
                Entry.of(entry.key(), attributes), start, extents, EntryBlocks.decodeRefs(rest(from)));
    }

    private static List<Extent> extents(ByteBuffer from) {
        int count = from.getInt();
        if (count < 1 || count > EXTENTS_MAX || count > from.remaining() / EXTENT_BYTES) {
            throw new IllegalArgumentException("region of " + count + " extents");
        }
        List<Extent> extents = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            extents.add(new Extent(from.getLong(), from.getLong()));
        }
        return extents;
    }

    static Draft merged(long nowMs) {
        return draft(RecordType.MERGED, ByteBuffer.allocate(Long.BYTES).putLong(nowMs));
    }

    static Draft mergedEnd(Totals totals) {
        return draft(
                RecordType.MERGED_END,
                ByteBuffer.allocate(2 * Long.BYTES).putLong(totals.files()).putLong(totals.bytes()));
    }

    static Totals mergedEnd(ByteBuffer payload) throws FaultException {
        return read(payload, from -> new Totals(from.getLong(), from.getLong()));
    }

    private static Draft draft(RecordType type, ByteBuffer payload) {
        ByteString bytes = UnsafeByteOperations.unsafeWrap(payload.flip());
        return new Draft(type, bytes);
    }

    private static byte[] rest(ByteBuffer from) {
        byte[] bytes = new byte[from.remaining()];
        from.get(bytes);
        return bytes;
    }

    private interface Parser<T> {
        T parse(ByteBuffer from) throws FaultException;
    }

    private static <T> T read(ByteBuffer payload, Parser<T> parser) throws FaultException {
        try {
            T value = parser.parse(payload);
            if (payload.hasRemaining()) {
                throw new IllegalArgumentException(payload.remaining() + " bytes behind its end");
            }
            return value;
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            throw new FaultException(Fault.INTEGRITY, "a record of the checkpoint is damaged: " + e.getMessage(), e);
        }
    }
}
