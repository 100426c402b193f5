package sago.sender.backup;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;

/**
 * Threads that do one thing together: the first that fails ends it for all, and whoever waits gets that failure. Thread-safe.
 */
final class Crew {
    /** What a thread does. */
    @FunctionalInterface
    interface Task {
        void run() throws IOException, InterruptedException;
    }

    private final List<Thread> threads = new ArrayList<>();
    private @Nullable Throwable failure;

    /** Starts a thread; after a failure nothing starts any more. */
    synchronized void start(String name, Task task) {
        if (failure != null) {
            return;
        }
        Thread thread = new Thread(() -> run(task), name);
        thread.setDaemon(true);
        threads.add(thread);
        thread.start();
    }

    private void run(Task task) {
        try {
            task.run();
        } catch (Throwable e) {
            fail(e);
        }
    }

    /** Ends it: the first cause stays, every thread is interrupted. */
    synchronized void fail(Throwable cause) {
        if (failure == null) {
            failure = cause;
            threads.forEach(Thread::interrupt);
        }
    }

    /** Waits until every thread has ended, even if the caller is interrupted: nobody may go on with what they use. */
    void await() throws FaultException, InterruptedException {
        boolean interrupted = false;
        for (Thread thread : started()) {
            while (true) {
                try {
                    thread.join();
                    break;
                } catch (InterruptedException e) {
                    interrupted = true;
                    fail(e);
                }
            }
        }
        rethrow();
        if (interrupted) {
            throw new InterruptedException();
        }
    }

    private synchronized List<Thread> started() {
        return List.copyOf(threads);
    }

    private synchronized void rethrow() throws FaultException, InterruptedException {
        Throwable cause = failure;
        if (cause == null) {
            return;
        }
        if (cause instanceof FaultException fault) {
            throw new FaultException(fault.fault(), String.valueOf(fault.getMessage()), fault);
        }
        if (cause instanceof InterruptedException) {
            throw new InterruptedException();
        }
        if (cause instanceof IOException) {
            throw new FaultException(Fault.DISK, "a file of the home folder: " + cause.getMessage(), cause);
        }
        throw new IllegalStateException("backup failed", cause);
    }
}
