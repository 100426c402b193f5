package sago.bench.ladder;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import sago.common.fault.FaultException;
import sago.common.id.PackId;
import sago.common.pack.PackEntry;
import sago.common.secret.KernelRandom;
import sago.sender.compress.ChunkCompressor;
import sago.sender.compress.Codec;
import sago.sender.index.SegmentIndex;
import sago.sender.pack.ChunkId;
import sago.sender.pack.ChunkIds;
import sago.sender.pack.ChunkKind;
import sago.sender.pack.ChunkRef;
import sago.sender.pack.ChunkWriter;
import sago.sender.pack.OpenPacks;
import sago.sender.pack.PackImage;
import sago.sender.pack.PackSession;
import sago.sender.pack.PackTransport;
import sago.sender.pack.PackedChunk;
import sago.sender.seal.AeadProviders;

/**
 * Stores the nodes of a tree as a backup does, as far as their sealed slices: id, look-up, compression, record, seal, Merkle tree. The packs go
 * nowhere. Confined to one thread.
 */
final class NodeWriter implements ChunkWriter, AutoCloseable {
    private final ChunkCompressor compressor = new ChunkCompressor();
    private final ChunkIds ids;
    private final SegmentIndex index;
    private final List<PackedChunk> complete = new ArrayList<>();
    private final OpenPacks packs;

    /** @param image of one pack, direct, for this writer alone until it is closed */
    NodeWriter(PackSession session, SegmentIndex index, ByteBuffer image) {
        this.ids = new ChunkIds(session.key());
        this.index = index;
        SecureRandom random = KernelRandom.create();
        this.packs = new OpenPacks(
                session,
                new Nowhere(random, image),
                random,
                () -> AeadProviders.choose().aead(),
                1);
    }

    @Override
    public ChunkRef write(ChunkKind kind, byte[] bytes, int offset, int length)
            throws FaultException, InterruptedException {
        ChunkId id = ids.of(kind, bytes, offset, length);
        index.find(id);
        Codec codec = compressor.compress(bytes, offset, length);
        return packs.append(
                id,
                kind,
                codec,
                length,
                ByteBuffer.wrap(compressor.stored(), compressor.storedOffset(), compressor.storedLength()));
    }

    /** Closes the last pack and notes what the packs hold. */
    void finish() throws IOException, InterruptedException {
        packs.finish();
        index.insert(complete);
        complete.clear();
    }

    @Override
    public void close() {
        packs.abandon();
        compressor.close();
    }

    /** Takes packs into one and the same image and forgets them. */
    private final class Nowhere implements PackTransport {
        private final SecureRandom random;
        private final ByteBuffer image;

        Nowhere(SecureRandom random, ByteBuffer image) {
            this.random = random;
            this.image = image;
        }

        @Override
        public PackImage acquire() {
            return new PackImage(PackId.random(random), image.clear());
        }

        @Override
        public void sliceReady(PackImage pack, int slice) {
            // Transport and site have steps of their own.
        }

        @Override
        public void complete(PackImage pack, PackEntry entry, List<PackedChunk> chunks) {
            complete.addAll(chunks);
        }

        @Override
        public void release(PackImage pack) {
            // The one image is there for the next pack.
        }
    }
}
