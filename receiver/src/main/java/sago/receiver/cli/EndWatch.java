package sago.receiver.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;

/**
 * Sees to it that a receiver that was asked to end does end, even when a disk hangs or its jars were replaced under it and closing
 * finds its classes gone: after a bound it halts the process. What was acknowledged was forced before, so nothing is lost. All that it needs
 * is loaded when it starts. Thread-safe; one daemon thread.
 */
final class EndWatch {
    /** Longer than all drains of the site together. */
    static final long BOUND_MS = 15_000;

    private static final int EXIT_CODE = 1;
    private static final String MESSAGE = "sago: the receiver did not end within " + BOUND_MS / 1000
            + " s of being told to, so it is halted. What it acknowledged is safe; start it again";

    private final CountDownLatch ending = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);
    private final IntConsumer halt;
    private final long boundMs;

    private EndWatch(long boundMs, IntConsumer halt) {
        this.boundMs = boundMs;
        this.halt = halt;
    }

    /** @param halt ends the process with an exit code, at once */
    static EndWatch start(long boundMs, IntConsumer halt) {
        EndWatch watch = new EndWatch(boundMs, halt);
        Thread thread = new Thread(watch::watch, "sago-end");
        thread.setDaemon(true);
        thread.start();
        return watch;
    }

    /** The receiver was told to end: the time begins to count. */
    void ending() {
        ending.countDown();
    }

    /** Everything is closed. */
    void ended() {
        ended.countDown();
        ending.countDown();
    }

    private void watch() {
        try {
            ending.await();
            if (!ended.await(boundMs, TimeUnit.MILLISECONDS)) {
                System.err.println(MESSAGE);
                halt.accept(EXIT_CODE);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // nobody interrupts it
        }
    }
}
