package sago.sender.checkpoint;

import java.util.ArrayList;
import java.util.List;
import sago.common.id.Hash;
import sago.common.id.PackId;
import sago.common.id.SessionId;
import sago.common.pack.PackEntry;
import sago.sender.pack.ChunkId;
import sago.sender.pack.ChunkKind;
import sago.sender.pack.ChunkRef;
import sago.sender.pack.PackedChunk;
import sago.sender.tree.Attributes;
import sago.sender.tree.Entry;
import sago.sender.tree.EntryKey;
import sago.sender.tree.EntryKind;
import sago.sender.tree.Extent;
import sago.sender.tree.FileContent;
import sago.sender.tree.Moment;
import sago.sender.tree.TestEntries;

/** Packs and files for tests of the checkpoint. */
final class Samples {
    static final SessionId SESSION = new SessionId(1, 2);

    /** Wall time of scans: samples changed long before. */
    static final long SCAN_MS = 1_800_000_000_000L;

    private static final int CHUNK_BYTES = 1000;

    private Samples() {}

    static PackEntry pack(int n) {
        return new PackEntry(new PackId(7, n), 1 << 20, Hash.of(new byte[Hash.BYTES]));
    }

    static List<PackedChunk> chunks(int pack, int count, ChunkKind kind) {
        List<PackedChunk> chunks = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            ChunkId id = new ChunkId(pack, i, 3, 4);
            chunks.add(new PackedChunk(id, kind, new ChunkRef(pack(pack).id(), i, 900, CHUNK_BYTES, id.check())));
        }
        return chunks;
    }

    /** Where a region of one chunk lies, with a hole in it. */
    static List<Extent> extents(long start) {
        return List.of(new Extent(start, 400), new Extent(start + 500, CHUNK_BYTES - 400));
    }

    static List<ChunkRef> refs(int pack, int count) {
        List<ChunkRef> refs = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            refs.add(new ChunkRef(pack(pack).id(), i * 2000, 900, CHUNK_BYTES, 77 + i));
        }
        return refs;
    }

    static EntryKey key(int n) {
        return TestEntries.key(String.format("/data/%08d", n));
    }

    /** A file that was read: one chunk. */
    static Entry file(int n, int pack) {
        return scanned(n, 0, 1_700_000_001L).withContent(new FileContent(0, CHUNK_BYTES, refs(pack, 1)));
    }

    /** A file as a scan finds it. */
    static Entry scanned(int n, long size, long changedS) {
        return Entry.of(
                key(n),
                new Attributes(
                        EntryKind.FILE,
                        0644,
                        0,
                        0,
                        new Moment(1_700_000_000L, 5),
                        new Moment(changedS, 6),
                        new Attributes.Identity(n, 2049, 1),
                        size,
                        0));
    }
}
