package sago.sender.backup;

import java.util.concurrent.CountDownLatch;
import sago.common.fault.FaultException;

/**
 * Something between walk and tree: the walker queues items in key order, any worker does one, and the tree thread takes them in the order
 * of the walk once each is done. One thread works on it at a time; the latch hands it over.
 */
abstract class WorkItem {
    private final CountDownLatch done = new CountDownLatch(1);
    private long number;

    /** Its number in the order of the walk, given before it is queued. */
    final void number(long place) {
        number = place;
    }

    final long number() {
        return number;
    }

    /** Reads and stores what has to be. */
    abstract void work(FileStore store) throws FaultException, InterruptedException;

    /** Writes down what {@link #work} has finished. */
    abstract void record(Checkpoint checkpoint) throws FaultException;

    /** Adds the outcome to the tree. */
    abstract void emit(TreeSink sink) throws FaultException, InterruptedException;

    /** Nothing is left to do by a worker. */
    final void finished() {
        done.countDown();
    }

    final void awaitFinished() throws InterruptedException {
        done.await();
    }
}
