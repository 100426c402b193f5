package sago.bench.micro;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;
import sago.common.id.PackId;
import sago.common.pack.PackEntry;
import sago.common.pack.PackGeometry;
import sago.sender.pack.PackImage;
import sago.sender.pack.PackTransport;
import sago.sender.pack.PackedChunk;

/** A transport that forgets: images come from a pool and go back to it when their pack is complete. Thread-safe by its monitor. */
final class Sink implements PackTransport {
    private final PackGeometry geometry;
    private final Deque<ByteBuffer> idle = new ArrayDeque<>();
    private final SplittableRandom ids = new SplittableRandom(1);
    private long slices;

    Sink(PackGeometry geometry) {
        this.geometry = geometry;
    }

    @Override
    public synchronized PackImage acquire() {
        ByteBuffer buffer = idle.poll();
        return new PackImage(
                new PackId(ids.nextLong(), ids.nextLong()),
                buffer == null ? ByteBuffer.allocateDirect(geometry.packBytes()) : buffer);
    }

    @Override
    public synchronized void sliceReady(PackImage image, int slice) {
        slices++;
    }

    @Override
    public void complete(PackImage image, PackEntry entry, List<PackedChunk> chunks) {
        release(image);
    }

    @Override
    public synchronized void release(PackImage image) {
        idle.push(image.buffer().clear());
    }

    /** Slices that were handed over. */
    synchronized long slices() {
        return slices;
    }
}
