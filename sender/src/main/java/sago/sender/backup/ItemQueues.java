package sago.sender.backup;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/** Items between the threads of a scan, bounded: all of them in the order of the walk, and those that a worker has to do. One thread puts. */
final class ItemQueues {
    /** Items that workers may be ahead of the tree: a slow large file delays the entries behind it, not the reading. */
    private static final int ORDER_ITEMS = 64;

    private static final int WORK_ITEMS_PER_WORKER = 2;

    private final BlockingQueue<WorkItem> order = new ArrayBlockingQueue<>(ORDER_ITEMS);
    private final BlockingQueue<WorkItem> work;
    private long items;

    ItemQueues(int workers) {
        this.work = new ArrayBlockingQueue<>(WORK_ITEMS_PER_WORKER * workers);
    }

    /** First into the order, so that the tree thread never waits for an item that no worker can reach. */
    void put(WorkItem item, boolean needsWorker) throws InterruptedException {
        item.number(items++);
        order.put(item);
        if (needsWorker) {
            work.put(item);
        } else {
            item.finished();
        }
    }

    /** Nothing follows. */
    void end(int workers, WorkItem last) throws InterruptedException {
        order.put(last);
        for (int i = 0; i < workers; i++) {
            work.put(last);
        }
    }

    WorkItem takeOrdered() throws InterruptedException {
        return order.take();
    }

    WorkItem takeWork() throws InterruptedException {
        return work.take();
    }
}
