package sago.sender.pack;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import sago.common.fault.FaultException;
import sago.common.id.Hash;
import sago.common.limits.Limits;
import sago.common.merkle.MerkleHasher;
import sago.common.pack.PackEntry;
import sago.common.pack.PackGeometry;
import sago.sender.compress.Codec;
import sago.sender.seal.Aead;
import sago.sender.seal.FloeSealer;

/**
 * Fills pack after pack: records go into a segment, a full segment is sealed straight into the pack's image, and the slice that this
 * completes is hashed and handed to the transport while it is still in the core's cache. A pack begins with its first record and
 * closes when the next one no longer fits.
 *
 * <p>References are final when {@link #append} returns them: they may be in a sealed tree node a moment later, so records never move
 * to another pack. Small tails are avoided beforehand, by sharing (see {@link OpenPacks}).
 *
 * <p>Used by one thread at a time. After a fault only {@link #abandon} may follow.
 */
public final class PackBuilder {
    private final PackSession session;
    private final PackTransport transport;
    private final SecureRandom random;
    private final Aead aead;
    private final PackGeometry geometry;
    private final MerkleHasher hasher = new MerkleHasher();
    private final ByteBuffer recordHeader = ByteBuffer.allocate(RecordLayout.HEADER_BYTES);
    private final ByteBuffer zeros = ByteBuffer.allocate(PackGeometry.HEADER_BYTES);
    private final ByteBuffer segment;
    private @Nullable OpenPack open;

    /** @param aead a cipher for this builder alone */
    public PackBuilder(PackSession session, PackTransport transport, SecureRandom random, Aead aead) {
        this.session = session;
        this.transport = transport;
        this.random = random;
        this.aead = aead;
        this.geometry = session.geometry();
        this.segment = ByteBuffer.allocateDirect(geometry.segmentPlainBytes());
    }

    /**
     * Adds a record. Blocks while it needs a new image and the window is full. Borrows the bytes.
     *
     * @param stored the chunk as the codec left it
     */
    public ChunkRef append(ChunkId id, ChunkKind kind, Codec codec, int raw, ByteBuffer stored)
            throws FaultException, InterruptedException {
        int storedLength = stored.remaining();
        OpenPack pack = open;
        if (pack != null && !fits(pack, storedLength)) {
            close(pack, geometry.packBytes());
            pack = null;
        }
        if (pack == null) {
            pack = begin(storedLength);
        }
        ChunkRef ref = new ChunkRef(pack.image.id(), pack.used, storedLength, raw, id.check());
        recordHeader.clear();
        RecordLayout.writeHeader(recordHeader, id, kind, codec, ref);
        put(pack, recordHeader.flip());
        put(pack, stored);
        pack.addRow(id, kind, codec, ref);
        return ref;
    }

    /** Closes the last pack with the smallest length that holds it. More records may follow: they begin another. */
    public void finish() throws FaultException {
        OpenPack pack = open;
        if (pack != null) {
            close(pack, geometry.lengthFor(pack.used + pack.rows.position() + RecordLayout.FOOTER_BYTES));
        }
    }

    /** Whether a pack was begun and is not closed: it holds an image of the window. */
    public boolean isOpen() {
        return open != null;
    }

    /** Gives up the open pack, if any: nothing of it will be referred to. */
    public void abandon() {
        OpenPack pack = open;
        open = null;
        segment.clear();
        if (pack != null) {
            pack.sealer.close();
            if (pack.slices.isEmpty()) {
                transport.release(pack.image);
            }
        }
    }

    private boolean fits(OpenPack pack, int storedLength) {
        return pack.chunks.size() < Limits.PACK_RECORDS_MAX
                && (long) pack.used + pack.rows.position() + RecordLayout.footprint(storedLength) <= capacity();
    }

    /** What records and rows may take. */
    private int capacity() {
        return geometry.plainBytes(geometry.packBytes()) - RecordLayout.FOOTER_BYTES;
    }

    private OpenPack begin(int storedLength) throws FaultException, InterruptedException {
        if (RecordLayout.footprint(storedLength) > capacity()) {
            throw new IllegalArgumentException(storedLength + " bytes do not fit a pack of " + geometry.packBytes());
        }
        PackImage image = transport.acquire();
        byte[] aad = session.header(image.id()).aad();
        FloeSealer sealer = new FloeSealer(session.key(), aad, geometry.segmentBytes(), random, aead);
        ByteBuffer target = image.buffer().duplicate().position(0).limit(PackGeometry.HEADER_BYTES);
        target.put(aad).put(sealer.header());
        target.put(zeros.clear().limit(target.remaining()));
        segment.clear();
        OpenPack pack = new OpenPack(image, sealer);
        open = pack;
        return pack;
    }

    private void put(OpenPack pack, ByteBuffer bytes) throws FaultException {
        int end = bytes.limit();
        while (bytes.position() < end) {
            int part = Math.min(end - bytes.position(), segment.remaining());
            segment.put(bytes.limit(bytes.position() + part));
            pack.used += part;
            bytes.limit(end);
            // A last segment is 4096 bytes shorter than the others: one that is full is never the last.
            if (!segment.hasRemaining()) {
                seal(pack, false, pack.slices.size() * geometry.segmentBytes() + geometry.segmentBytes());
            }
        }
    }

    private void close(OpenPack pack, int length) throws FaultException {
        ByteBuffer rows = pack.rows.flip();
        int tableOffset = geometry.plainBytes(length) - RecordLayout.FOOTER_BYTES - rows.remaining();
        while (pack.used < tableOffset) {
            put(pack, zeros.clear().limit(Math.min(zeros.capacity(), tableOffset - pack.used)));
        }
        CRC32C crc = new CRC32C();
        crc.update(rows.duplicate());
        put(pack, rows);
        recordHeader.clear();
        RecordLayout.writeFooter(recordHeader, pack.chunks.size(), tableOffset, (int) crc.getValue());
        put(pack, recordHeader.flip());
        seal(pack, true, length);
        pack.sealer.close();
        open = null;
        PackEntry entry = new PackEntry(pack.image.id(), length, hasher.root(pack.slices));
        transport.complete(pack.image, entry, pack.chunks);
    }

    /** Seals what the segment holds, and hands over the slice, which ends at {@code sliceEnd}. */
    private void seal(OpenPack pack, boolean last, int sliceEnd) throws FaultException {
        int index = pack.slices.size();
        ByteBuffer view = pack.view;
        view.clear().position(geometry.segmentOffset(index));
        pack.sealer.seal(segment.flip(), last, view);
        segment.clear();
        view.clear().position(index * geometry.segmentBytes()).limit(sliceEnd);
        pack.slices.add(hasher.slice(view));
        transport.sliceReady(pack.image, index);
    }

    /** The pack that is being filled. */
    private static final class OpenPack {
        private static final int ROWS_AT_FIRST = 256;

        final PackImage image;
        final FloeSealer sealer;

        /** Of the image: its own position is for whoever owns it. */
        final ByteBuffer view;

        final List<PackedChunk> chunks = new ArrayList<>();
        final List<Hash> slices = new ArrayList<>();
        ByteBuffer rows = ByteBuffer.allocate(ROWS_AT_FIRST * RecordLayout.ROW_BYTES);

        /** Opened bytes so far. */
        int used;

        OpenPack(PackImage image, FloeSealer sealer) {
            this.image = image;
            this.sealer = sealer;
            this.view = image.buffer().duplicate();
        }

        void addRow(ChunkId id, ChunkKind kind, Codec codec, ChunkRef ref) {
            if (!rows.hasRemaining()) {
                rows = ByteBuffer.allocate(rows.capacity() * 2).put(rows.flip());
            }
            RecordLayout.writeRow(rows, id, kind, codec, ref);
            chunks.add(new PackedChunk(id, kind, ref));
        }
    }
}
