package sago.sender.node;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.id.PackId;
import sago.sender.pack.PackReader;
import sago.sender.pack.PackTail;

/**
 * Reads the tails of many packs at once and gives them in order. What is read ahead is bounded, and so is the memory that it takes. Used
 * by one thread.
 */
final class PackTails implements AutoCloseable {
    /** Each waits for two or three answers: on a line of 200 ms these read about 40 packs a second. */
    private static final int THREADS = 16;

    /** Tails that wait for the one before them. */
    private static final int AHEAD = 2 * THREADS;

    private static final long STOP_SECONDS = 60;

    private final PackReader reader;
    private final Iterator<PackId> packs;
    private final ExecutorService threads;
    private final Deque<Future<Outcome>> ahead = new ArrayDeque<>();

    /**
     * A tail, or why the site cannot give it.
     *
     * @param lost empty where there is a tail
     */
    record Outcome(PackId pack, Optional<PackTail> tail, String lost) {}

    PackTails(PackReader reader, Iterator<PackId> packs) {
        this.reader = reader;
        this.packs = packs;
        this.threads = Executors.newFixedThreadPool(THREADS, task -> {
            Thread thread = new Thread(task, "sago-rebuild");
            thread.setDaemon(true);
            return thread;
        });
    }

    /** The next pack, in the order in which they were given; there must be one. */
    Outcome next() throws FaultException, InterruptedException {
        while (ahead.size() < AHEAD && packs.hasNext()) {
            PackId pack = packs.next();
            ahead.add(threads.submit(() -> read(pack)));
        }
        try {
            return ahead.remove().get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof FaultException fault) {
                throw new FaultException(fault.fault(), String.valueOf(fault.getMessage()), fault);
            }
            if (e.getCause() instanceof InterruptedException) {
                throw new InterruptedException("a reader was interrupted");
            }
            throw new IllegalStateException("the tail of a pack could not be read", e);
        }
    }

    /** A pack that the site does not have, or not as it was sealed, is lost; anything else ends the rebuild. */
    private Outcome read(PackId pack) throws FaultException, InterruptedException {
        try {
            return new Outcome(pack, Optional.of(reader.readTail(pack)), "");
        } catch (FaultException e) {
            if (e.fault() == Fault.NOT_FOUND || e.fault() == Fault.INTEGRITY) {
                return new Outcome(pack, Optional.empty(), String.valueOf(e.getMessage()));
            }
            throw e;
        }
    }

    /** Waits for what is being read; keys may be overwritten afterwards. */
    @Override
    public void close() {
        threads.shutdownNow();
        boolean interrupted = false;
        try {
            threads.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
