package sago.sender.backup;

import org.jspecify.annotations.Nullable;
import sago.common.fault.FaultException;
import sago.common.time.Clock;
import sago.sender.chunk.Chunker;
import sago.sender.chunk.FastCdc;
import sago.sender.pack.OpenPacks;
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
    private final Shared shared;
    private final BackupMeans means;
    private final Chunker chunker;
    private final SourceTrouble trouble;
    private final Crew crew;
    private volatile @Nullable Outcome outcome;

    /**
     * What every pass of a run shares.
     */
    record Shared(DatasetTools tools, StoredChunks stored, Packs packs, BackupCounters counters, Keeping keeping) {
        DedupChunkWriter writer(OpenPacks packs) {
            return new DedupChunkWriter(tools, stored, packs, counters);
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

    Scan(Shared shared, BackupMeans means, SourceTrouble trouble, Crew crew) {
        this.shared = shared;
        this.means = means;
        this.chunker = new FastCdc(shared.tools.gear(), means.chunker());
        this.trouble = trouble;
        this.crew = crew;
    }

    /** Where chunks of files end. */
    Chunker chunker() {
        return chunker;
    }

    /** Runs to its end. Whatever fails ends all threads first. */
    Outcome run(Feed feed, TreeCacheWriter cache) throws FaultException, InterruptedException {
        ItemQueues queues = new ItemQueues(means.workers());
        crew.start("backup-walk", () -> {
            feed.run(queues);
            queues.end(means.workers(), new End());
        });
        for (int i = 0; i < means.workers(); i++) {
            crew.start("backup-" + i, () -> work(queues));
        }
        crew.start("backup-tree", () -> build(queues, cache));
        crew.await();
        Outcome done = outcome;
        if (done == null) {
            throw new IllegalStateException("a scan ended without a tree");
        }
        return done;
    }

    private void work(ItemQueues queues) throws FaultException, InterruptedException {
        try (DedupChunkWriter writer = shared.writer(shared.packs().data())) {
            work(queues, new FileReader(writer, chunker.maxBytes(), shared.counters(), means.clock()));
        }
    }

    private void work(ItemQueues queues, FileReader reader) throws FaultException, InterruptedException {
        Clock clock = means.clock();
        FileStore store = new FileStore(reader, chunker, shared.counters(), trouble);
        while (true) {
            long waited = clock.monotonicNs();
            WorkItem item = queues.takeWork();
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

    private void build(ItemQueues queues, TreeCacheWriter cache) throws FaultException, InterruptedException {
        try (DedupChunkWriter writer = shared.writer(shared.packs().trees())) {
            build(queues, new TreeSink(writer, cache, shared.keeping(), shared.counters()));
        }
    }

    private void build(ItemQueues queues, TreeSink sink) throws FaultException, InterruptedException {
        while (true) {
            WorkItem item = queues.takeOrdered();
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
