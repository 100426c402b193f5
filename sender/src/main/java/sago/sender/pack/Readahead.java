package sago.sender.pack;

import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import sago.common.fault.FaultException;

/**
 * Fetches what a reader that goes through a pack front to back will want next, so that line and site work while the reader does, and a
 * long line is filled. What cannot be fetched ahead is fetched, and told, when somebody wants it. Thread-safe; threads of its own.
 */
final class Readahead implements AutoCloseable {
    /** Fetches under way at a time: with 2 MiB each they fill 640 Mbit/s at 200 ms. They mostly wait. */
    private static final int THREADS = 8;

    /** How far ahead of a reader; a few readers fit into the cache's budget. */
    private static final int BYTES = 8 << 20;

    private static final long END_S = 10;

    private final SegmentCache cache;
    private final SegmentLoader loader;
    private final ThreadLocal<SegmentLoader.Tools> tools;
    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS, task -> {
        Thread thread = new Thread(task, "readahead");
        thread.setDaemon(true);
        return thread;
    });

    Readahead(SegmentCache cache, SegmentLoader loader, Supplier<SegmentLoader.Tools> tools) {
        this.cache = cache;
        this.loader = loader;
        this.tools = ThreadLocal.withInitial(tools);
    }

    /** A reader wants these segments, first to last, now. */
    void follow(OpenedPack pack, int first, int last) {
        int perFetch = Math.max(1, SegmentLoader.FETCH_BYTES_MAX / pack.segmentLength(0));
        int aheadMax = Math.max(1, BYTES / pack.segmentLength(0));
        int end = Math.min(pack.segments(), first + pack.pattern().note(first, last, perFetch, aheadMax));
        // On borders of their own: a reader that moves on by one segment starts nothing small.
        for (int from = first; from < end; from = (from / perFetch + 1) * perFetch) {
            int border = Math.min(pack.segments(), (from / perFetch + 1) * perFetch);
            if (border <= end) {
                List<Integer> claimed = cache.claim(pack.id(), from, border - from, pack.segmentLength(0));
                if (!claimed.isEmpty()) {
                    submit(pack, claimed);
                }
            }
        }
    }

    private void submit(OpenedPack pack, List<Integer> claimed) {
        try {
            threads.execute(() -> {
                try {
                    loader.load(tools.get(), pack, claimed);
                } catch (FaultException | RuntimeException e) {
                    // Whoever waits for these segments has got the fault, or tries itself and meets what went wrong.
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
        } catch (RejectedExecutionException closed) {
            throw new IllegalStateException("the reader is closed", closed);
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
        try {
            if (!threads.awaitTermination(END_S, TimeUnit.SECONDS)) {
                throw new IllegalStateException("a fetch does not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
