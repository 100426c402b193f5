package sago.sender.pack;

import java.io.IOException;
import java.nio.ByteBuffer;
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
import sago.sender.seal.Aead;
import sago.sender.seal.AeadProvider;

/**
 * Reads chunks of a dataset. Each pack's header is opened once, segments are fetched whole and kept opened within a budget of
 * bytes; a reader that goes through a pack front to back gets up to 2 MiB in one fetch. Of what is given out everything was checked:
 * header tag, segment tags, record against reference, length after decompression, chunk id.
 *
 * <p>Thread-safe: any number of threads read at once, each with a cipher and a buffer of its own.
 */
public final class PackReader implements ChunkSource, AutoCloseable {
    /** One fetch: enough to fill a long line, little enough for many readers. */
    static final int FETCH_BYTES_MAX = 2 << 20;

    /** What most chunks fit in. */
    private static final int ROOM_BYTES = 1 << 20;

    /** Opened headers that are kept, a few hundred bytes each. */
    private static final int OPENED_PACKS_MAX = 1024;

    private final PackFetcher fetcher;
    private final DatasetPacks packs;
    private final SecretBytes idKey;
    private final AeadProvider aeads;
    private final SegmentCache cache;
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
    }

    @Override
    public byte[] read(ChunkRef ref, ChunkKind kind) throws FaultException, InterruptedException {
        Hands hands = takeHands();
        try {
            return read(hands, ref, kind);
        } finally {
            idle.push(hands);
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
            idle.push(hands);
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
            idle.push(hands);
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
            }
            List<PackedChunk> table = new RecordTable(pack).read(this::range, hands);
            for (PackedChunk chunk : table) {
                read(hands, chunk.ref(), chunk.kind());
            }
            return table.size();
        } finally {
            idle.push(hands);
        }
    }

    /** Overwrites the keys of opened packs and frees what was kept for reading. No read may be in progress. */
    @Override
    public void close() {
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
            idle.push(hands);
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
        byte[][] segments = segments(hands, pack, first, last);
        int skip = offset - first * plainBytes;
        if (first == last) {
            return new Slice(segments[0], skip);
        }
        byte[] joined = hands.joined.of(length);
        int done = 0;
        for (byte[] segment : segments) {
            int part = Math.min(length - done, segment.length - skip);
            System.arraycopy(segment, skip, joined, done, part);
            done += part;
            skip = 0;
        }
        return new Slice(joined, 0);
    }

    private byte[][] segments(Hands hands, OpenedPack pack, int first, int last)
            throws FaultException, InterruptedException {
        int wanted = last - first + 1;
        int ahead = 0;
        if (pack.isSequential(first, last)) {
            int perFetch = FETCH_BYTES_MAX / pack.segmentLength(0);
            ahead = Math.max(0, Math.min(perFetch - wanted, pack.segments() - 1 - last));
        }
        byte[][] found = new byte[wanted][];
        while (true) {
            load(hands, pack, cache.claim(pack.id(), first, wanted, ahead), new Found(first, found));
            if (await(pack, first, found)) {
                return found;
            }
            ahead = 0;
        }
    }

    /** Waits for what others fetch; false if some segment was dropped before it could be had. */
    private boolean await(OpenedPack pack, int first, byte[][] found) throws FaultException, InterruptedException {
        boolean all = true;
        for (int i = 0; i < found.length; i++) {
            if (found[i] == null) {
                CompletableFuture<byte[]> future = cache.get(pack.id(), first + i);
                if (future == null) {
                    all = false;
                } else {
                    found[i] = await(future);
                }
            }
        }
        return all;
    }

    private static byte[] await(CompletableFuture<byte[]> future) throws FaultException, InterruptedException {
        try {
            return future.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof FaultException fault) {
                throw new FaultException(fault.fault(), String.valueOf(fault.getMessage()), fault);
            }
            throw new IllegalStateException("a segment could not be read", e);
        }
    }

    /** Fetches and opens claimed segments, neighbours together. */
    private void load(Hands hands, OpenedPack pack, List<Integer> claimed, Found found)
            throws FaultException, InterruptedException {
        FaultException fault = new FaultException(Fault.INTERRUPTED, "reading pack " + pack.id() + " was given up");
        try {
            for (int from = 0; from < claimed.size(); ) {
                int to = runEnd(pack, claimed, from);
                loadRun(hands, pack, claimed.subList(from, to), found);
                from = to;
            }
        } catch (FaultException e) {
            fault = e;
            throw e;
        } finally {
            cache.fail(pack.id(), claimed, fault);
        }
    }

    private static int runEnd(OpenedPack pack, List<Integer> claimed, int from) {
        int to = from + 1;
        int bytes = pack.segmentLength(claimed.get(from));
        while (to < claimed.size() && claimed.get(to) == claimed.get(to - 1) + 1) {
            bytes += pack.segmentLength(claimed.get(to));
            if (bytes > FETCH_BYTES_MAX) {
                break;
            }
            to++;
        }
        return to;
    }

    private void loadRun(Hands hands, OpenedPack pack, List<Integer> run, Found found)
            throws FaultException, InterruptedException {
        int first = run.get(0);
        int last = run.get(run.size() - 1);
        int offset = pack.segmentOffset(first);
        ByteBuffer sealed = hands.buffer(pack.segmentOffset(last) + pack.segmentLength(last) - offset);
        fetcher.fetch(pack.id(), offset, sealed.duplicate());
        for (int segment : run) {
            ByteBuffer one = sealed.duplicate();
            int at = pack.segmentOffset(segment) - offset;
            one.position(at).limit(at + pack.segmentLength(segment));
            byte[] plain = pack.openSegment(hands.aead, segment, one);
            found.put(segment, plain);
            cache.settle(pack.id(), segment, plain);
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
        return hands == null ? new Hands(aeads.aead(), new ChunkIds(idKey)) : hands;
    }

    /** Bytes of a range: from {@code offset} in an array that belongs to the cache, to hands or to the caller, not to be changed. */
    static final class Slice {
        final byte[] bytes;
        final int offset;

        Slice(byte[] bytes, int offset) {
            this.bytes = bytes;
            this.offset = offset;
        }
    }

    /** Where a reader collects the segments it asked for; those fetched ahead fall past it. */
    private static final class Found {
        private final int first;
        private final byte[][] plains;

        Found(int first, byte[][] plains) {
            this.first = first;
            this.plains = plains;
        }

        void put(int segment, byte[] plain) {
            if (segment < first + plains.length) {
                plains[segment - first] = plain;
            }
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
    static final class Hands {
        final Aead aead;
        final ChunkIds ids;

        /** A record that lies in several segments. */
        private final Room joined = new Room();

        /** A chunk that is lent. */
        private final Room raw = new Room();

        private @Nullable ByteBuffer sealed;

        Hands(Aead aead, ChunkIds ids) {
            this.aead = aead;
            this.ids = ids;
        }

        ByteBuffer buffer(int length) {
            ByteBuffer buffer = sealed;
            if (buffer == null || buffer.capacity() < length) {
                buffer = ByteBuffer.allocateDirect(Math.max(length, Limits.SEGMENT_BYTES));
                sealed = buffer;
            }
            return buffer.clear().limit(length);
        }
    }
}
