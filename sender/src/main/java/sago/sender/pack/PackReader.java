package sago.sender.pack;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.id.PackId;
import sago.common.limits.Limits;
import sago.common.pack.PackGeometry;
import sago.common.secret.SecretBytes;
import sago.sender.compress.ChunkDecompressor;
import sago.sender.compress.Codec;
import sago.sender.pack.SegmentCache.Segment;
import sago.sender.seal.Aead;
import sago.sender.seal.AeadProvider;

/**
 * Reads chunks of a dataset. Each pack's header is opened once, segments are fetched whole and kept opened within a budget of
 * bytes; for a reader that goes through a pack front to back the next ones are fetched ahead. Of what is given out everything was checked:
 * header tag, segment tags, record against reference, length after decompression, chunk id.
 *
 * <p>Thread-safe: any number of threads read at once, each with a cipher and a buffer of its own.
 */
public final class PackReader implements ChunkSource, AutoCloseable {
    /** What most chunks fit in. */
    private static final int ROOM_BYTES = 1 << 20;

    /** Opened headers that are kept, a few hundred bytes each. */
    private static final int OPENED_PACKS_MAX = 1024;

    private final PackFetcher fetcher;
    private final DatasetPacks packs;
    private final SecretBytes idKey;
    private final AeadProvider aeads;
    private final SegmentCache cache;
    private final SegmentLoader loader;
    private final Readahead readahead;
    private final ChunkDecompressor decompressor = new ChunkDecompressor();
    private final ConcurrentLinkedDeque<Hands> idle = new ConcurrentLinkedDeque<>();
    private final Map<PackId, OpenedPack> opened = new LinkedHashMap<>(16, 0.75f, true);

    /**
     * @param idKey id key of the dataset, lent until the reader is closed
     * @param cacheBytes budget for opened segments
     */
    public PackReader(PackFetcher fetcher, DatasetPacks packs, SecretBytes idKey, AeadProvider aeads, long cacheBytes) {
        this.fetcher = fetcher;
        this.packs = packs;
        this.idKey = idKey;
        this.aeads = aeads;
        this.cache = new SegmentCache(cacheBytes);
        this.loader = new SegmentLoader(fetcher, cache);
        this.readahead = new Readahead(cache, loader, this::newHands);
    }

    @Override
    public byte[] read(ChunkRef ref, ChunkKind kind) throws FaultException, InterruptedException {
        Hands hands = takeHands();
        try {
            return read(hands, ref, kind);
        } finally {
            putBack(hands);
        }
    }

    /** By the 8 bytes of the id that the reference carries: they come from a keyed hash, so nobody without the key can aim at them. */
    @Override
    public boolean holds(ChunkRef ref, ChunkKind kind, byte[] bytes, int length) {
        if (length != ref.raw()) {
            return false;
        }
        Hands hands = takeHands();
        try {
            return hands.ids.of(kind, bytes, 0, length).check() == ref.check();
        } finally {
            putBack(hands);
        }
    }

    /**
     * Session and records of a pack, from its header and the table in its last segments alone: what catalog and index are rebuilt from. Ids
     * of chunks are those that the sender wrote and sealed; none is computed anew.
     */
    public PackTail readTail(PackId id) throws FaultException, InterruptedException {
        Hands hands = takeHands();
        try {
            OpenedPack pack = pack(hands, id);
            return new PackTail(pack.session(), new RecordTable(pack).read(this::range, hands));
        } finally {
            putBack(hands);
        }
    }

    /**
     * Opens every segment of a pack and checks every record, as {@link #read} does.
     *
     * @return the number of records
     */
    public int verifyPack(PackId id) throws FaultException, InterruptedException {
        Hands hands = takeHands();
        try {
            OpenedPack pack = pack(hands, id);
            for (int segment = 0; segment < pack.segments(); segment++) {
                segments(hands, pack, segment, segment);
                hands.release(cache);
            }
            List<PackedChunk> table = new RecordTable(pack).read(this::range, hands);
            for (PackedChunk chunk : table) {
                read(hands, chunk.ref(), chunk.kind());
                hands.release(cache);
            }
            return table.size();
        } finally {
            putBack(hands);
        }
    }

    /** Overwrites the keys of opened packs and frees what was kept for reading. No read may be in progress. */
    @Override
    public void close() {
        readahead.close();
        synchronized (opened) {
            opened.values().forEach(OpenedPack::close);
            opened.clear();
        }
        decompressor.close();
    }

    @Override
    public void lend(ChunkRef ref, ChunkKind kind, ChunkUse use) throws IOException, InterruptedException {
        Hands hands = takeHands();
        try {
            Slice raw = open(hands, ref, kind, hands.raw.of(boundedRaw(ref)));
            use.use(raw.bytes, raw.offset, ref.raw());
        } finally {
            putBack(hands);
        }
    }

    private byte[] read(Hands hands, ChunkRef ref, ChunkKind kind) throws FaultException, InterruptedException {
        byte[] raw = new byte[boundedRaw(ref)];
        Slice chunk = open(hands, ref, kind, raw);
        if (chunk.bytes != raw) {
            System.arraycopy(chunk.bytes, chunk.offset, raw, 0, raw.length);
        }
        return raw;
    }

    /** The checked chunk: in the target, or where it stands in a segment that it was stored in as it is. */
    private Slice open(Hands hands, ChunkRef ref, ChunkKind kind, byte[] target)
            throws FaultException, InterruptedException {
        OpenedPack pack = pack(hands, ref.pack());
        Slice record = range(hands, pack, ref.offset(), RecordLayout.HEADER_BYTES + ref.stored());
        RecordLayout.Header header =
                RecordLayout.Header.read(ByteBuffer.wrap(record.bytes, record.offset, RecordLayout.HEADER_BYTES));
        if (!header.answers(ref, kind)) {
            throw OpenedPack.refuse(ref.pack(), "the record at " + ref.offset() + " is not the chunk referred to");
        }
        int storedAt = record.offset + RecordLayout.HEADER_BYTES;
        Slice raw;
        if (header.codec() == Codec.RAW && ref.stored() == ref.raw()) {
            raw = new Slice(record.bytes, storedAt);
        } else {
            decompressor.decompress(header.codec(), record.bytes, storedAt, ref.stored(), target, 0, ref.raw());
            raw = new Slice(target, 0);
        }
        if (!hands.ids.of(kind, raw.bytes, raw.offset, ref.raw()).equals(header.id())) {
            throw OpenedPack.refuse(ref.pack(), "the chunk at " + ref.offset() + " does not have its id");
        }
        return raw;
    }

    private static int boundedRaw(ChunkRef ref) throws FaultException {
        if (ref.raw() < 0 || ref.raw() > Limits.CHUNK_BYTES_MAX) {
            throw new FaultException(Fault.LIMIT, "a chunk claims " + ref.raw() + " bytes");
        }
        return ref.raw();
    }

    /** A range of the opened bytes of a pack, until these hands ask for the next one. */
    private Slice range(Hands hands, OpenedPack pack, int offset, int length)
            throws FaultException, InterruptedException {
        if (length < 0 || offset < 0 || offset > pack.plainBytes() - length) {
            throw OpenedPack.refuse(pack.id(), length + " bytes at " + offset + " lie outside");
        }
        int plainBytes = pack.segmentPlainBytes();
        int first = offset / plainBytes;
        int last = Math.max(first, (offset + length - 1) / plainBytes);
        List<Segment> segments = segments(hands, pack, first, last);
        int skip = offset - first * plainBytes;
        if (first == last) {
            return new Slice(segments.get(0).bytes(), skip);
        }
        byte[] joined = hands.joined.of(length);
        int done = 0;
        for (Segment segment : segments) {
            int part = Math.min(length - done, segment.length() - skip);
            System.arraycopy(segment.bytes(), skip, joined, done, part);
            done += part;
            skip = 0;
        }
        return new Slice(joined, 0);
    }

    /** Segments of a pack, opened, and pinned until the hands are put back. */
    private List<Segment> segments(Hands hands, OpenedPack pack, int first, int last)
            throws FaultException, InterruptedException {
        readahead.follow(pack, first, last);
        while (true) {
            List<Segment> wanted = new ArrayList<>(last - first + 1);
            List<Integer> claimed = cache.pin(pack.id(), first, last - first + 1, wanted);
            hands.pinned.addAll(wanted);
            loader.load(hands, pack, claimed);
            boolean there = true;
            for (Segment segment : wanted) {
                await(segment.opened());
                there &= segment.isThere();
            }
            if (there) {
                return wanted;
            }
        }
    }

    private static void await(CompletableFuture<Segment> opened) throws FaultException, InterruptedException {
        try {
            opened.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof FaultException fault) {
                throw new FaultException(fault.fault(), String.valueOf(fault.getMessage()), fault);
            }
            throw new IllegalStateException("a segment could not be read", e);
        }
    }

    private OpenedPack pack(Hands hands, PackId id) throws FaultException, InterruptedException {
        OpenedPack known;
        synchronized (opened) {
            known = opened.get(id);
        }
        if (known != null) {
            return known;
        }
        // Two threads may open the same pack at once: one of them keeps its work, which is small.
        ByteBuffer header = hands.buffer(PackGeometry.HEADER_BYTES);
        fetcher.fetch(id, 0, header.duplicate());
        OpenedPack fresh = OpenedPack.open(id, header, packs);
        synchronized (opened) {
            OpenedPack first = opened.putIfAbsent(id, fresh);
            // What is dropped may be in use: its keys go with the collector rather than under a reader's hands.
            if (opened.size() > OPENED_PACKS_MAX) {
                opened.remove(opened.keySet().iterator().next());
            }
            return first == null ? fresh : first;
        }
    }

    private Hands takeHands() {
        Hands hands = idle.poll();
        return hands == null ? newHands() : hands;
    }

    private Hands newHands() {
        return new Hands(aeads.aead(), new ChunkIds(idKey));
    }

    private void putBack(Hands hands) {
        hands.release(cache);
        idle.push(hands);
    }

    /** Bytes of a range: from {@code offset} in an array of a pinned segment, of hands or of the caller, not to be changed. */
    static final class Slice {
        final byte[] bytes;
        final int offset;

        Slice(byte[] bytes, int offset) {
            this.bytes = bytes;
            this.offset = offset;
        }
    }

    /** An array that is used again and grows with what it is asked for, up to a chunk. */
    private static final class Room {
        private byte[] bytes = {};

        byte[] of(int length) {
            if (length > Limits.CHUNK_BYTES_MAX) {
                return new byte[length];
            }
            if (bytes.length < length) {
                bytes = new byte[Math.max(length, ROOM_BYTES)];
            }
            return bytes;
        }
    }

    /** What one reading thread holds at a time. */
    static final class Hands implements SegmentLoader.Tools {
        private final Aead aead;
        private final ChunkIds ids;

        /** What the read under way holds. */
        private final List<Segment> pinned = new ArrayList<>();

        /** A record that lies in several segments. */
        private final Room joined = new Room();

        /** A chunk that is lent. */
        private final Room raw = new Room();

        private @Nullable ByteBuffer sealed;

        Hands(Aead aead, ChunkIds ids) {
            this.aead = aead;
            this.ids = ids;
        }

        void release(SegmentCache cache) {
            pinned.forEach(cache::unpin);
            pinned.clear();
        }

        @Override
        public Aead aead() {
            return aead;
        }

        @Override
        public ByteBuffer buffer(int length) {
            ByteBuffer buffer = sealed;
            if (buffer == null || buffer.capacity() < length) {
                buffer = ByteBuffer.allocateDirect(Math.max(length, Limits.SEGMENT_BYTES));
                sealed = buffer;
            }
            return buffer.clear().limit(length);
        }
    }
}
