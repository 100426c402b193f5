package sago.sender.backup;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import sago.common.durable.NoSpace;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.time.Clock;
import sago.sender.upload.Waiting;

/**
 * Waits where the home disk has no room, and does again what failed for that reason, until it succeeds, until this is closed, or until it has
 * lasted as long as it may. What is done here must be repeatable: it happened or it left nothing. Thread-safe; every thread that meets
 * the full disk waits on its own.
 */
final class HomeRoom implements AutoCloseable {
    private final Clock clock;
    private final Patience patience;
    private final CountDownLatch closed = new CountDownLatch(1);
    private int waiters;
    private long sinceNs;

    HomeRoom(Clock clock, Patience patience) {
        this.clock = clock;
        this.patience = patience;
    }

    /** What is done, and done again where the disk was full. */
    @FunctionalInterface
    interface Step {
        void run() throws IOException;
    }

    /**
     * Does it, waiting for room as often as needed.
     *
     * @throws FaultException INTERRUPTED when waiting has lasted too long or was interrupted, HOME_FULL once this is closed, and whatever
     *     else the step meets; a failure that is no fault is DISK
     */
    void await(Step step) throws FaultException {
        try {
            if (fits(step)) {
                return;
            }
            begin();
            try {
                do {
                    pause();
                } while (!fits(step));
            } finally {
                leave();
            }
        } catch (FaultException e) {
            throw e;
        } catch (IOException e) {
            throw new FaultException(Fault.DISK, "a file of the home folder: " + e.getMessage(), e);
        }
    }

    /** Nobody waits any longer, now or later. */
    @Override
    public void close() {
        closed.countDown();
    }

    /** What is waited for, or null. */
    @Nullable
    synchronized Waiting waiting() {
        return waiters == 0 ? null : new Waiting(Waiting.Kind.HOME_FULL, clock.monotonicNs() - sinceNs, "");
    }

    private static boolean fits(Step step) throws IOException {
        try {
            step.run();
            return true;
        } catch (IOException e) {
            if (isFull(e)) {
                return false;
            }
            throw e;
        }
    }

    private static boolean isFull(IOException failure) {
        return failure instanceof FaultException fault ? fault.fault() == Fault.HOME_FULL : NoSpace.is(failure);
    }

    private synchronized void begin() {
        if (waiters++ == 0) {
            sinceNs = clock.monotonicNs();
        }
    }

    private synchronized void leave() {
        waiters--;
    }

    private void pause() throws FaultException {
        try {
            if (closed.await(patience.retryNs(), TimeUnit.NANOSECONDS)) {
                throw new FaultException(Fault.HOME_FULL, "the disk of the home folder is full");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FaultException(Fault.INTERRUPTED, "stopped while waiting for room on the home disk", e);
        }
        Waiting now = waiting();
        if (now != null && now.forNs() >= patience.giveUpAfterNs()) {
            throw now.gaveUp();
        }
    }
}
