package sago.sender.pack;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.id.DatasetId;
import sago.common.id.PackId;
import sago.common.id.SessionId;
import sago.common.id.VaultId;
import sago.common.merkle.MerkleHasher;
import sago.common.pack.PackEntry;
import sago.common.pack.PackGeometry;
import sago.common.secret.SecretBytes;

/** A window, a site and the stubs of one session, in memory. It checks what a transport may rely on. Thread-safe. */
public final class MemoryPacks implements PackTransport, PackFetcher, DatasetPacks {
    private final PackSession session;
    private final SecureRandom random = new SecureRandom();
    private final Map<PackId, byte[]> files = new HashMap<>();
    private final Map<PackId, List<PackedChunk>> chunks = new HashMap<>();
    private final Map<PackId, Integer> slices = new HashMap<>();
    private final List<PackEntry> entries = new ArrayList<>();
    private int imagesOut;
    private int imagesOutMax;
    public final AtomicInteger fetches = new AtomicInteger();

    public MemoryPacks(PackSession session) {
        this.session = session;
    }

    public static PackSession session(PackGeometry geometry) {
        return new PackSession(
                new VaultId(1, 2), new DatasetId(3, 4), new SessionId(5, 6), SecretBytes.of(new byte[32]), geometry);
    }

    @Override
    public synchronized PackImage acquire() {
        imagesOut++;
        imagesOutMax = Math.max(imagesOutMax, imagesOut);
        ByteBuffer buffer = ByteBuffer.allocateDirect(session.geometry().packBytes());
        while (buffer.hasRemaining()) {
            buffer.put((byte) 0x5a);
        }
        return new PackImage(PackId.random(random), buffer);
    }

    @Override
    public synchronized void sliceReady(PackImage image, int slice) {
        int expected = slices.merge(image.id(), 1, Integer::sum) - 1;
        if (slice != expected) {
            throw new IllegalStateException("slice " + slice + " instead of " + expected);
        }
    }

    @Override
    public synchronized void complete(PackImage image, PackEntry entry, List<PackedChunk> records) {
        PackGeometry geometry = session.geometry();
        int length = (int) entry.length();
        if (!geometry.allowsLength(length) || geometry.segments(length) != slices.getOrDefault(image.id(), 0)) {
            throw new IllegalStateException("length " + length + " after " + slices.get(image.id()) + " slices");
        }
        byte[] file = new byte[length];
        image.buffer().duplicate().clear().get(file);
        if (!new MerkleHasher().slice(ByteBuffer.wrap(file)).equals(entry.root())) {
            throw new IllegalStateException("wrong Merkle root");
        }
        files.put(image.id(), file);
        chunks.put(image.id(), List.copyOf(records));
        entries.add(entry);
        imagesOut--;
    }

    @Override
    public synchronized void release(PackImage image) {
        if (slices.containsKey(image.id())) {
            throw new IllegalStateException("a slice was handed over");
        }
        imagesOut--;
    }

    @Override
    public synchronized void fetch(PackId pack, int offset, ByteBuffer into) throws FaultException {
        fetches.incrementAndGet();
        byte[] file = files.get(pack);
        if (file == null) {
            throw new FaultException(Fault.NOT_FOUND, "no pack " + pack);
        }
        into.put(file, offset, into.remaining());
    }

    @Override
    public VaultId vault() {
        return session.vault();
    }

    @Override
    public DatasetId dataset() {
        return session.dataset();
    }

    @Override
    public synchronized int length(PackId pack) {
        return file(pack).length;
    }

    @Override
    public SecretBytes sessionKey(SessionId wanted) throws FaultException {
        if (!wanted.equals(session.session())) {
            throw new FaultException(Fault.NOT_FOUND, "no session " + wanted);
        }
        return session.key();
    }

    public synchronized byte[] file(PackId pack) {
        byte[] file = files.get(pack);
        if (file == null) {
            throw new IllegalStateException("no pack " + pack);
        }
        return file;
    }

    public synchronized List<PackEntry> entries() {
        return List.copyOf(entries);
    }

    public synchronized List<PackedChunk> chunks(PackId pack) {
        return chunks.getOrDefault(pack, List.of());
    }

    public synchronized int imagesOut() {
        return imagesOut;
    }

    public synchronized int imagesOutMax() {
        return imagesOutMax;
    }
}
