package sago.sender.backup;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import sago.common.fault.FaultException;

/**
 * Something between walk and tree: the walker queues items in key order, any worker does one, and the tree thread takes them in the order
 * of the walk once each is done. One thread works on it at a time; the latch hands it over.
 */
abstract class WorkItem {
    private final CountDownLatch done = new CountDownLatch(1);

    /** Reads and stores what has to be. */
    abstract void work(FileStore store) throws FaultException, InterruptedException;

    /** Adds the outcome to the tree. */
    abstract void emit(TreeSink sink) throws IOException, InterruptedException;

    /** Nothing is left to do by a worker. */
    final void finished() {
        done.countDown();
    }

    final void awaitFinished() throws InterruptedException {
        done.await();
    }
}
