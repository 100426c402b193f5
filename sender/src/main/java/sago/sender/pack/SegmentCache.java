package sago.sender.pack;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import sago.common.fault.FaultException;
import sago.common.id.PackId;

/**
 * Opened segments, the least recently used go first. Each is fetched once even if several readers want it: the first one claims it and
 * must settle the claim, the others wait. Thread-safe.
 */
final class SegmentCache {
    private record Key(PackId pack, int segment) {}

    private final long bytesMax;
    private final Map<Key, CompletableFuture<byte[]>> segments = new LinkedHashMap<>(16, 0.75f, true);
    private long bytes;

    SegmentCache(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    /**
     * The segments of a range that nobody has or fetches, in ascending order: they are now the caller's to {@link #settle} or
     * {@link #fail}.
     *
     * @param wanted segments from {@code first} on
     * @param ahead further segments, claimed only if some wanted one is, and only up to the first that is there already
     */
    synchronized List<Integer> claim(PackId pack, int first, int wanted, int ahead) {
        List<Integer> claimed = new ArrayList<>();
        for (int i = first; i < first + wanted + ahead; i++) {
            if (i >= first + wanted && claimed.isEmpty()) {
                break;
            }
            Key key = new Key(pack, i);
            if (!segments.containsKey(key)) {
                segments.put(key, new CompletableFuture<>());
                claimed.add(i);
            } else if (i >= first + wanted) {
                break;
            }
        }
        return claimed;
    }

    /** A segment that is there or claimed by somebody; null if it was dropped meanwhile. */
    synchronized @Nullable CompletableFuture<byte[]> get(PackId pack, int segment) {
        return segments.get(new Key(pack, segment));
    }

    /** Ends a claim with the segment's plaintext, which nobody may change any more. */
    void settle(PackId pack, int segment, byte[] plain) {
        CompletableFuture<byte[]> future;
        synchronized (this) {
            future = segments.get(new Key(pack, segment));
            bytes += plain.length;
            evict();
        }
        if (future == null) {
            throw new IllegalStateException("segment " + segment + " of pack " + pack + " was not claimed");
        }
        future.complete(plain);
    }

    /** Ends claims that came to nothing: whoever waits gets the fault, whoever comes later tries anew. */
    void fail(PackId pack, List<Integer> claimed, FaultException fault) {
        List<CompletableFuture<byte[]>> futures = new ArrayList<>();
        synchronized (this) {
            for (int segment : claimed) {
                Key key = new Key(pack, segment);
                CompletableFuture<byte[]> future = segments.get(key);
                if (future != null && !future.isDone()) {
                    segments.remove(key);
                    futures.add(future);
                }
            }
        }
        futures.forEach(future -> future.completeExceptionally(fault));
    }

    private void evict() {
        Iterator<CompletableFuture<byte[]>> eldest = segments.values().iterator();
        while (bytes > bytesMax && eldest.hasNext()) {
            CompletableFuture<byte[]> future = eldest.next();
            if (future.isDone()) {
                bytes -= future.join().length;
                eldest.remove();
            }
        }
    }

    synchronized long bytes() {
        return bytes;
    }
}
