package sago.sender.backup;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;
import sago.common.fault.FaultException;
import sago.common.time.Clock;
import sago.sender.chunk.FastCdc;
import sago.sender.pack.OpenPacks;
import sago.sender.source.SourceWalker;
import sago.sender.tree.TreeCacheReader;
import sago.sender.tree.TreeCacheWriter;
import sago.sender.tree.TreeRoot;
import sago.sender.tree.TreeTotals;

/**
 * One pass over the source:
 *
 * <pre>
 *            work (a few items)      workers: read, chunk, compress, seal
 *  walker  ----------------------->  ...
 *     \                                |  each item says when it is done
 *      ----------------------------->  tree thread: takes items in the order of the walk
 *            order (bounded)
 * </pre>
 *
 * The tree thread waits for the first item of the order, which is queued for or in the hands of a worker, and no worker waits for the tree
 * thread: so nobody waits in a circle. Used once, by one thread.
 */
final class Scan {
    /** Items that workers may be ahead of the tree: a slow large file delays the entries behind it, not the reading. */
    private static final int ORDER_ITEMS = 64;

    private static final int WORK_ITEMS_PER_WORKER = 2;

    private final Shared shared;
    private final BackupMeans means;
    private final BackupListener listener;
    private final Crew crew;
    private volatile @Nullable Outcome outcome;

    /**
     * What every pass of a run shares.
     */
    record Shared(DatasetTools tools, StoredChunks stored, Packs packs, BackupCounters counters, Keeping keeping) {
        DedupChunkWriter writer(OpenPacks packs) {
            return new DedupChunkWriter(tools.idKey(), stored, packs, counters);
        }
    }

    /**
     * The open packs of a run.
     *
     * @param data that workers fill
     * @param trees that the tree thread fills: apart, so that reading a tree does not drag data along
     */
    record Packs(OpenPacks data, OpenPacks trees) {
        void finish() throws FaultException, InterruptedException {
            data.finish();
            trees.finish();
        }

        void abandon() {
            data.abandon();
            trees.abandon();
        }
    }

    /** What a run keeps at home, and how it waits for room there. */
    record Keeping(Checkpoint checkpoint, HomeRoom room, PackUse use) {}

    /** What a pass gives. */
    record Outcome(TreeRoot root, TreeTotals totals) {}

    Scan(Shared shared, BackupMeans means, BackupListener listener, Crew crew) {
        this.shared = shared;
        this.means = means;
        this.listener = listener;
        this.crew = crew;
    }

    /** Runs to its end. Whatever fails ends all threads first. */
    Outcome run(SourceWalker walker, @Nullable TreeCacheReader lastTree, TreeCacheWriter cache)
            throws FaultException, InterruptedException {
        BlockingQueue<WorkItem> order = new ArrayBlockingQueue<>(ORDER_ITEMS);
        BlockingQueue<WorkItem> work = new ArrayBlockingQueue<>(WORK_ITEMS_PER_WORKER * means.workers());
        Walk walk = new Walk(walker, lastTree, shared, means.regionBytes(), new Walk.Queues(order, work));
        crew.start("backup-walk", () -> {
            walk.run();
            order.put(new End());
            for (int i = 0; i < means.workers(); i++) {
                work.put(new End());
            }
        });
        for (int i = 0; i < means.workers(); i++) {
            crew.start("backup-" + i, () -> work(work));
        }
        crew.start("backup-tree", () -> build(order, cache));
        crew.await();
        Outcome done = outcome;
        if (done == null) {
            throw new IllegalStateException("a scan ended without a tree");
        }
        return done;
    }

    private void work(BlockingQueue<WorkItem> work) throws FaultException, InterruptedException {
        Clock clock = means.clock();
        FastCdc chunker = new FastCdc(shared.tools().gear(), means.chunker());
        FileReader reader = new FileReader(chunker, shared.writer(shared.packs().data()), shared.counters(), clock);
        FileStore store = new FileStore(reader, shared.counters(), listener);
        while (true) {
            long waited = clock.monotonicNs();
            WorkItem item = work.take();
            long began = clock.monotonicNs();
            if (item instanceof End) {
                return;
            }
            item.work(store);
            item.record(shared.keeping().checkpoint());
            item.finished();
            shared.counters().idleNs.add(began - waited);
            shared.counters().workNs.add(clock.monotonicNs() - began);
        }
    }

    private void build(BlockingQueue<WorkItem> order, TreeCacheWriter cache)
            throws FaultException, InterruptedException {
        TreeSink sink = new TreeSink(shared.writer(shared.packs().trees()), cache, shared.keeping(), shared.counters());
        while (true) {
            WorkItem item = order.take();
            if (item instanceof End) {
                outcome = new Outcome(sink.finish(), sink.totals());
                return;
            }
            item.awaitFinished();
            item.emit(sink);
        }
    }

    /** Behind the last item. */
    private static final class End extends WorkItem {
        @Override
        void work(FileStore store) {
            throw new IllegalStateException("nothing is behind the end");
        }

        @Override
        void record(Checkpoint checkpoint) {
            throw new IllegalStateException("nothing is behind the end");
        }

        @Override
        void emit(TreeSink sink) {
            throw new IllegalStateException("nothing is behind the end");
        }
    }
}
