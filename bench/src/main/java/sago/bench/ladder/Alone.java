package sago.bench.ladder;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import sago.bench.ladder.FileFeed.Stretch;
import sago.common.durable.Disk;
import sago.common.durable.DurableFiles;
import sago.common.id.DatasetId;
import sago.common.id.PackId;
import sago.common.id.SessionId;
import sago.common.id.VaultId;
import sago.common.merkle.MerkleHasher;
import sago.common.pack.PackGeometry;
import sago.common.secret.KernelRandom;
import sago.common.secret.SecretBytes;
import sago.sender.backup.BackupMeans;
import sago.sender.chunk.Chunker;
import sago.sender.chunk.ChunkerParameters;
import sago.sender.chunk.FastCdc;
import sago.sender.chunk.GearTable;
import sago.sender.compress.ChunkCompressor;
import sago.sender.index.IndexBounds;
import sago.sender.index.SegmentIndex;
import sago.sender.pack.ChunkId;
import sago.sender.pack.ChunkIds;
import sago.sender.pack.ChunkKind;
import sago.sender.pack.ChunkRef;
import sago.sender.pack.PackSession;
import sago.sender.pack.PackedChunk;
import sago.sender.seal.AeadProviders;
import sago.sender.seal.FloeSealer;

/**
 * Takes data through every step of a backup, one step after another over a buffer of some megabytes, so that each finds its bytes in the cache as it
 * does in a backup, and accounts for each alone; entries are walked before and become a tree behind. Chunks that were met before are not stored
 * again. Confined to one thread.
 */
final class Alone implements AutoCloseable {
    /** As the buffer of a worker. */
    private static final int BUFFER_BYTES = 8 << 20;

    private static final PackGeometry GEOMETRY = PackGeometry.DEFAULT;

    /** Of a chunk that is on its way to a pack. */
    private static final ChunkRef NOT_PACKED = new ChunkRef(new PackId(0, 0), 0, 1, 1, 0);

    /** What stands before each record: as long as a record's header. */
    private static final byte[] RECORD_HEADER = new byte[44];

    private final SecureRandom random = KernelRandom.create();
    private final SecretBytes key = SecretBytes.random(32, random);
    private final Chunker chunker = new FastCdc(GearTable.derive(key), ChunkerParameters.DEFAULT);
    private final ChunkIds ids = new ChunkIds(key);
    private final ChunkCompressor measured = new ChunkCompressor();
    private final ChunkCompressor kept = new ChunkCompressor();
    private final MerkleHasher homeHasher = new MerkleHasher();
    private final MerkleHasher siteHasher = new MerkleHasher();
    private final Path folder;
    private final SegmentIndex index;
    private final PackFiles packs;
    private final Loopback loopback;
    private final ByteBuffer image = Disk.blocks(GEOMETRY.packBytes());
    private final ByteBuffer records;
    private final Costs costs = new Costs();
    private final Map<ChunkId, ChunkRef> seen = new HashMap<>();

    /** Of every chunk of the files, one file after another. */
    private final List<ChunkRef> refs = new ArrayList<>();

    private final List<PackedChunk> packed = new ArrayList<>();
    private PackId pack;
    private @Nullable FloeSealer sealer;
    private long plainBytes;
    private long storedBytes;

    /** What came out. */
    record Outcome(Costs costs, long plainBytes, long storedBytes) {}

    /** A chunk in the buffer. */
    private record Piece(int start, int length, boolean begins) {}

    /** @param folder an empty one, deleted at the end */
    Alone(Path folder) throws IOException, InterruptedException {
        this.folder = folder;
        DurableFiles files = new DurableFiles(Disk.real());
        pack = PackId.random(random);
        // What does not fit a segment yet waits for the next buffer, which may hold only incompressible bytes.
        records = ByteBuffer.allocateDirect(2 * BUFFER_BYTES);
        packs = new PackFiles(folder);
        index = SegmentIndex.open(folder.resolve("index"), files, IndexBounds.DEFAULT);
        loopback = new Loopback();
    }

    /** Takes everything below the source through all steps. */
    Outcome run(Path source) throws IOException, InterruptedException {
        Metadata metadata = new Metadata(source, folder, costs);
        carryFiles(metadata.walk().iterator());
        PackSession session =
                new PackSession(new VaultId(1, 1), new DatasetId(2, 2), new SessionId(3, 3), key, GEOMETRY);
        try (NodeWriter nodes = new NodeWriter(session, index, image)) {
            metadata.makeTree(refs.iterator(), nodes, folder.resolve("tree"));
        }
        return new Outcome(costs, plainBytes, storedBytes);
    }

    private void carryFiles(Iterator<Path> names) throws IOException, InterruptedException {
        try (FileFeed feed = new FileFeed(names, BUFFER_BYTES, BackupMeans.REGION_BYTES)) {
            int rest = 0;
            while (true) {
                int from = rest;
                boolean[] more = new boolean[1];
                costs.measure(LadderStep.READ, () -> more[0] = feed.fill(from));
                if (!more[0]) {
                    break;
                }
                List<Piece> pieces = new ArrayList<>();
                costs.measure(LadderStep.CHUNK, () -> cut(feed, pieces));
                rest = pieces.isEmpty() ? 0 : last(pieces);
                store(feed.buffer(), pieces);
            }
        }
        seal(true);
        packs.delete();
    }

    private static int last(List<Piece> pieces) {
        Piece last = pieces.get(pieces.size() - 1);
        return last.start + last.length;
    }

    private void cut(FileFeed feed, List<Piece> pieces) {
        for (Stretch stretch : feed.stretches()) {
            int at = stretch.start();
            while (stretch.ends() ? at < stretch.end() : stretch.end() - at >= chunker.maxBytes()) {
                int length = chunker.cut(feed.buffer(), at, stretch.end() - at);
                pieces.add(new Piece(at, length, at == stretch.start()));
                at += length;
            }
        }
    }

    private void store(byte[] buffer, List<Piece> pieces) throws IOException, InterruptedException {
        List<ChunkId> names = new ArrayList<>();
        costs.measure(LadderStep.ID, () -> {
            for (Piece piece : pieces) {
                names.add(ids.of(ChunkKind.DATA, buffer, piece.start, piece.length));
            }
        });
        costs.measure(LadderStep.INDEX, () -> {
            for (ChunkId name : names) {
                index.find(name);
            }
        });
        List<Piece> fresh = new ArrayList<>();
        List<ChunkId> freshNames = new ArrayList<>();
        for (int i = 0; i < pieces.size(); i++) {
            plainBytes += pieces.get(i).length;
            if (seen.putIfAbsent(names.get(i), NOT_PACKED) == null) {
                fresh.add(pieces.get(i));
                freshNames.add(names.get(i));
            }
        }
        costs.measure(LadderStep.COMPRESS, () -> {
            for (Piece piece : fresh) {
                compress(measured, buffer, piece);
            }
        });
        long packNs = 0;
        for (int i = 0; i < fresh.size(); i++) {
            compress(kept, buffer, fresh.get(i));
            if (records.remaining() < RECORD_HEADER.length + kept.storedLength()) {
                seal(false);
            }
            long before = Costs.threadNs();
            records.put(RECORD_HEADER).put(kept.stored(), kept.storedOffset(), kept.storedLength());
            packNs += Costs.threadNs() - before;
            ChunkId name = freshNames.get(i);
            ChunkRef ref = new ChunkRef(pack, 0, kept.storedLength(), fresh.get(i).length, name.check());
            packed.add(new PackedChunk(name, ChunkKind.DATA, ref));
            seen.put(name, ref);
        }
        for (ChunkId name : names) {
            refs.add(seen.getOrDefault(name, NOT_PACKED));
        }
        costs.add(LadderStep.PACK, packNs);
        seal(false);
    }

    private static void compress(ChunkCompressor compressor, byte[] buffer, Piece piece) {
        if (piece.begins) {
            compressor.beginStream();
        }
        compressor.compress(buffer, piece.start, piece.length);
    }

    /** Seals all full segments of records, at the end the last one too, and takes the slices on to the disk of the site. */
    private void seal(boolean end) throws IOException, InterruptedException {
        records.flip();
        while (records.remaining() >= GEOMETRY.segmentPlainBytes() || (end && records.hasRemaining())) {
            int first = image.position();
            costs.measure(LadderStep.SEAL, () -> sealSegments(end));
            List<ByteBuffer> slices = new ArrayList<>();
            for (int at = first; at < image.position(); at += GEOMETRY.segmentBytes()) {
                slices.add(
                        image.duplicate().position(at).limit(Math.min(image.position(), at + GEOMETRY.segmentBytes())));
            }
            carry(slices);
            if (!image.hasRemaining() || end) {
                endPack();
            }
        }
        records.compact();
    }

    private void sealSegments(boolean end) throws IOException {
        FloeSealer current = sealer;
        if (current == null) {
            current = new FloeSealer(
                    key,
                    new byte[0],
                    GEOMETRY.segmentBytes(),
                    random,
                    AeadProviders.choose().aead());
            sealer = current;
        }
        int limit = records.limit();
        while (image.hasRemaining()
                && (end ? records.hasRemaining() : records.remaining() >= GEOMETRY.segmentPlainBytes())) {
            int length = Math.min(records.remaining(), GEOMETRY.segmentPlainBytes());
            records.limit(records.position() + length);
            current.seal(records, length < GEOMETRY.segmentPlainBytes(), image);
            records.limit(limit);
        }
    }

    private void carry(List<ByteBuffer> slices) throws IOException, InterruptedException {
        costs.measure(LadderStep.MERKLE, () -> {
            for (ByteBuffer slice : slices) {
                homeHasher.slice(slice);
            }
        });
        long before = loopback.spentNs();
        loopback.send(slices.stream().map(ByteBuffer::duplicate).toList());
        costs.add(LadderStep.TRANSPORT, loopback.spentNs() - before);
        costs.measure(LadderStep.SITE_HASH, () -> {
            for (ByteBuffer slice : slices) {
                siteHasher.slice(slice);
            }
        });
        costs.measure(LadderStep.STORE, () -> {
            for (ByteBuffer slice : slices) {
                packs.write(slice);
                storedBytes += slice.remaining();
            }
        });
    }

    private void endPack() throws IOException, InterruptedException {
        costs.measure(LadderStep.STORE, packs::force);
        packs.delete();
        costs.measure(LadderStep.INDEX, () -> index.insert(packed));
        packed.clear();
        pack = PackId.random(random);
        image.clear();
        if (sealer != null) {
            sealer.close();
            sealer = null;
        }
    }

    @Override
    public void close() throws IOException {
        loopback.close();
        packs.close();
        index.close();
        measured.close();
        kept.close();
        new DurableFiles(Disk.real()).deleteTree(folder);
    }
}
