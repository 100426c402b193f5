package sago.sender.restore;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;

/**
 * Threads that take tasks in the order in which they were handed over, from a short queue. The first failure stops them: what waits is
 * dropped, and whoever hands over or waits gets it. One thread hands over, waits and closes.
 */
final class TaskWorkers implements AutoCloseable {
    /** A piece of work. */
    interface Task {
        void run() throws IOException, InterruptedException;
    }

    /** Tasks that wait for each thread: enough that none runs dry, few enough that memory stays small. */
    private static final int WAITING_PER_THREAD = 8;

    /** A task may swallow an interrupt. */
    private static final long INTERRUPT_AGAIN_MS = 100;

    private static final Task END = () -> {};

    private final BlockingQueue<Task> waiting;
    private final List<Thread> threads = new ArrayList<>();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

    TaskWorkers(String name, int count) {
        waiting = new ArrayBlockingQueue<>(count * WAITING_PER_THREAD);
        for (int i = 0; i < count; i++) {
            Thread thread = new Thread(this::work, name + "-" + i);
            thread.setDaemon(true);
            threads.add(thread);
            thread.start();
        }
    }

    /** Hands a task over; blocks while the queue is full. */
    void submit(Task task) throws FaultException, InterruptedException {
        rethrow();
        waiting.put(task);
    }

    /** Waits until all is done. */
    void finish() throws FaultException, InterruptedException {
        for (int i = 0; i < threads.size(); i++) {
            waiting.put(END);
        }
        for (Thread thread : threads) {
            thread.join();
        }
        rethrow();
    }

    private void work() {
        try {
            for (Task task = waiting.take(); task != END; task = waiting.take()) {
                if (failure.get() == null) {
                    task.run();
                }
            }
        } catch (InterruptedException e) {
            // Only close() interrupts, and nobody hands over any more then.
            failure.compareAndSet(null, e);
        } catch (IOException | RuntimeException | Error e) {
            failure.compareAndSet(null, e);
            drain();
        }
    }

    /** A thread that failed goes on emptying the queue, so that nobody waits for room in it. */
    private void drain() {
        try {
            Task task = waiting.take();
            while (task != END) {
                task = waiting.take();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void rethrow() throws FaultException {
        Throwable failed = failure.get();
        if (failed instanceof FaultException fault) {
            throw fault;
        }
        if (failed instanceof InterruptedException) {
            throw new FaultException(Fault.INTERRUPTED, "stopped before it was done", failed);
        }
        if (failed instanceof IOException disk) {
            throw new FaultException(Fault.DISK, String.valueOf(disk.getMessage()), disk);
        }
        if (failed != null) {
            throw new IllegalStateException("a worker failed", failed);
        }
    }

    /** Stops what still runs. After {@link #finish()} nothing does. */
    @Override
    public void close() {
        boolean interrupted = false;
        for (Thread thread : threads) {
            thread.interrupt();
        }
        for (Thread thread : threads) {
            while (thread.isAlive()) {
                try {
                    thread.interrupt();
                    thread.join(INTERRUPT_AGAIN_MS);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
