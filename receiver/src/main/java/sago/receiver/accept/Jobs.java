package sago.receiver.accept;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sago.receiver.serve.Client;
import sago.receiver.serve.RequestFaults;

/**
 * What one connection has to do on the store threads: some of it in order, the rest side by side. The connection is told when there is so much that it should
 * stop reading; answers in order wait while the client does not take what it was sent. Thread-safe.
 */
final class Jobs {
    /** Work on a store thread. What it throws ends the connection. */
    interface Job {
        void run() throws IOException;
    }

    /** Work that is over when it says so, on whatever thread; if it throws, it is over too. */
    interface Later {
        void run(Runnable done) throws IOException;
    }

    /** Waiting work at which a connection stops reading, and at which it reads again. */
    static final int PENDING_HIGH = 512;

    static final int PENDING_LOW = 128;

    /** Requests that wait for their turn at which it stops reading too: one may be large. */
    static final int ORDERED_HIGH = 8;

    private static final Logger LOG = LoggerFactory.getLogger(Jobs.class);

    private final Executor pool;
    private final Client client;
    private final Runnable onPressure;
    private final Deque<Later> ordered = new ArrayDeque<>();
    private boolean runningInOrder;
    private int pending;
    private boolean pressed;

    /** @param onPressure is told that {@link #isPressed} may have changed; must not wait */
    Jobs(Executor pool, Client client, Runnable onPressure) {
        this.pool = pool;
        this.client = client;
        this.onPressure = onPressure;
    }

    /** Runs after all that was put in order before. */
    void inOrder(Job job) {
        inOrderLater(done -> {
            job.run();
            done.run();
        });
    }

    /** The same for work that goes on elsewhere; it must call {@code done} last. */
    void inOrderLater(Later job) {
        synchronized (this) {
            ordered.add(job);
        }
        count(1);
        proceed();
    }

    /** Runs as soon as a store thread is free. {@code dropped} runs instead where none ever will be. */
    void anyTime(Job job, Runnable dropped) {
        count(1);
        try {
            pool.execute(() -> {
                try {
                    run(job);
                } finally {
                    count(-1);
                }
            });
        } catch (RejectedExecutionException stopping) {
            count(-1);
            dropped.run();
        }
    }

    /** Whether so much waits that no more should be read. */
    synchronized boolean isPressed() {
        return pressed;
    }

    synchronized int pending() {
        return pending;
    }

    /** Starts the next job in order, if the client takes answers. Called also when it begins to. */
    void proceed() {
        synchronized (this) {
            if (runningInOrder || ordered.isEmpty() || !client.isWritable()) {
                return;
            }
            runningInOrder = true;
        }
        try {
            pool.execute(this::runNextInOrder);
        } catch (RejectedExecutionException stopping) {
            LOG.debug("the site is stopping: answers are dropped");
        }
    }

    private void runNextInOrder() {
        Later job;
        synchronized (this) {
            job = ordered.remove();
        }
        AtomicBoolean over = new AtomicBoolean();
        Runnable done = () -> {
            if (over.compareAndSet(false, true)) {
                synchronized (this) {
                    runningInOrder = false;
                }
                count(-1);
                proceed();
            }
        };
        boolean started = run(() -> job.run(done));
        if (!started) {
            done.run();
        }
    }

    /** False where it threw, which the client was told. */
    private boolean run(Job job) {
        try {
            job.run();
            return true;
        } catch (IOException e) {
            client.fail(RequestFaults.of(e));
        } catch (RuntimeException e) {
            LOG.error("a request failed for a reason that is ours", e);
            client.fail(RequestFaults.of(e));
        }
        return false;
    }

    private void count(int change) {
        boolean told;
        synchronized (this) {
            pending += change;
            boolean before = pressed;
            boolean isMuch = pressed ? pending > PENDING_LOW : pending >= PENDING_HIGH;
            pressed = isMuch || ordered.size() >= ORDERED_HIGH;
            told = pressed != before;
        }
        if (told) {
            onPressure.run();
        }
    }
}
