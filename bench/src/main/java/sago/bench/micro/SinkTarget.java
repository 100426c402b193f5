package sago.bench.micro;

import com.google.protobuf.ByteString;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import sago.common.fault.FaultException;
import sago.common.id.Hash;
import sago.common.id.PackId;
import sago.common.id.SiteId;
import sago.common.pack.PackEntry;
import sago.common.pack.PackGeometry;
import sago.common.protocol.PackPresence;
import sago.common.secret.KernelRandom;
import sago.sender.backup.BackupTarget;
import sago.sender.pack.PackImage;
import sago.sender.pack.PackedChunk;
import sago.sender.upload.CommitResult;
import sago.sender.upload.SessionOpening;
import sago.sender.upload.SiteHead;
import sago.sender.upload.UploadProgress;
import sago.sender.upload.UploadSession;
import sago.sender.upload.UploadState;

/**
 * A site in this process that keeps nothing: packs are durable the moment they are complete, and a thread of its own says so, as the
 * acknowledgement thread does. Its window has a bound. It also keeps account of what the threads that seal have allocated. Thread-safe.
 */
final class SinkTarget implements BackupTarget {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final int windowPacks;
    private final Deque<ByteBuffer> images = new ArrayDeque<>();
    private final Map<Long, Allocated> allocated = new ConcurrentHashMap<>();

    /** What a thread had allocated at its first sealed segment of a run, and at the last one so far. */
    private record Allocated(long first, long last) {}

    SinkTarget(PackGeometry geometry, int windowPacks) {
        this.windowPacks = windowPacks;
        for (int i = 0; i < windowPacks; i++) {
            images.add(ByteBuffer.allocateDirect(geometry.packBytes()));
        }
    }

    @Override
    public SiteId site() {
        return new SiteId(7, 7);
    }

    @Override
    public String siteName() {
        return "sink";
    }

    @Override
    public Session open(SessionOpening opening, UploadSession.Listeners listeners) {
        return new SinkSession(listeners);
    }

    /** Bytes that threads allocated from their first sealed segment to their last, so without what they begin with, and begins anew. */
    long takeAllocatedBytes() {
        long sum = allocated.values().stream()
                .mapToLong(thread -> thread.last - thread.first)
                .sum();
        allocated.clear();
        return sum;
    }

    private final class SinkSession implements Session {
        private final UploadSession.Listeners listeners;
        private final ExecutorService acknowledger = Executors.newSingleThreadExecutor();
        private final Map<PackId, PackPresence> held = new ConcurrentHashMap<>();
        private final AtomicReference<FaultException> failure = new AtomicReference<>();

        SinkSession(UploadSession.Listeners listeners) {
            this.listeners = listeners;
        }

        @Override
        public SiteHead head() {
            return new SiteHead(Hash.ZERO, 0);
        }

        @Override
        public int windowPacks() {
            return windowPacks;
        }

        @Override
        public long unsentBytes() {
            return 0;
        }

        @Override
        public PackImage acquire() throws InterruptedException {
            synchronized (images) {
                while (images.isEmpty()) {
                    images.wait();
                }
                return new PackImage(PackId.random(KernelRandom.create()), images.pop());
            }
        }

        @Override
        public void sliceReady(PackImage image, int slice) {
            long now = THREADS.getCurrentThreadAllocatedBytes();
            allocated.merge(
                    Thread.currentThread().getId(),
                    new Allocated(now, now),
                    (before, latest) -> new Allocated(before.first, latest.last));
        }

        @Override
        public void complete(PackImage image, PackEntry entry, List<PackedChunk> chunks) {
            held.put(entry.id(), PackPresence.DURABLE);
            acknowledger.execute(() -> {
                try {
                    listeners.durable().packDurable(entry, chunks, 0);
                } catch (FaultException e) {
                    failure.compareAndSet(null, e);
                }
                release(image);
            });
        }

        @Override
        public void release(PackImage image) {
            synchronized (images) {
                images.push(image.buffer().clear());
                images.notifyAll();
            }
        }

        @Override
        public Map<PackId, PackPresence> status(Collection<PackId> packs) {
            Map<PackId, PackPresence> states = new HashMap<>();
            packs.forEach(pack -> states.put(pack, held.getOrDefault(pack, PackPresence.UNKNOWN)));
            return states;
        }

        @Override
        public void awaitDurable() throws FaultException, InterruptedException {
            synchronized (images) {
                while (images.size() < windowPacks) {
                    images.wait();
                }
            }
            FaultException fault = failure.get();
            if (fault != null) {
                throw fault;
            }
        }

        @Override
        public CommitResult commit(ByteString stub, ByteString body) {
            return new CommitResult.Committed(ByteString.copyFromUtf8("receipt"));
        }

        @Override
        public UploadProgress progress() {
            return new UploadProgress(
                    UploadState.STREAMING,
                    0,
                    0,
                    0,
                    0,
                    0,
                    0,
                    windowPacks,
                    1,
                    0,
                    0,
                    0,
                    UploadProgress.Bound.SOURCE,
                    null);
        }

        @Override
        public void close() {
            acknowledger.shutdown();
            try {
                acknowledger.awaitTermination(10, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
