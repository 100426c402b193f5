package sago.sender.restore;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.sender.pack.ChunkKind;
import sago.sender.pack.ChunkRef;
import sago.sender.pack.ChunkSource;
import sago.sender.tree.ContentCursor;
import sago.sender.tree.Entry;
import sago.sender.tree.EntryCursor;
import sago.sender.tree.TreeReader;
import sago.sender.tree.TreeRoot;

/**
 * Proves that a snapshot can be restored, without writing it: walks its whole tree and reads all of its data or a sample. The chunk
 * source opens each chunk and compares its id. Called by one thread; {@link #progress()} by any.
 */
public final class DataCheck {
    /** Chunks that one task reads. */
    private static final int TASK_REFS = 64;

    private final ChunkSource chunks;
    private final DataSample sample;
    private final int workers;
    private final RestoreListener listener;
    private final LongAdder entries = new LongAdder();
    private final LongAdder met = new LongAdder();
    private final LongAdder read = new LongAdder();
    private final LongAdder bytes = new LongAdder();
    private final LongAdder damaged = new LongAdder();

    public DataCheck(ChunkSource chunks, DataSample sample, int workers, RestoreListener listener) {
        this.chunks = chunks;
        this.sample = sample;
        this.workers = workers;
        this.listener = listener;
    }

    /** What was found so far. */
    public DataCheckSummary progress() {
        return new DataCheckSummary(entries.sum(), met.sum(), read.sum(), bytes.sum(), damaged.sum());
    }

    /**
     * Checks one snapshot; may be called for several, one after the other.
     *
     * @throws FaultException INTEGRITY where the tree itself is damaged, or what ended the check; damaged data is in the summary
     */
    public DataCheckSummary run(TreeRoot root) throws FaultException, InterruptedException {
        TreeReader tree = new TreeReader(chunks, root);
        EntryCursor cursor = tree.all();
        try (TaskWorkers pool = new TaskWorkers("data-check", workers)) {
            for (Entry entry = cursor.next(); entry != null; entry = cursor.next()) {
                entries.increment();
                check(tree, entry, pool);
            }
            pool.finish();
        }
        return progress();
    }

    /** Checks chunks that were drawn from a snapshot. */
    public DataCheckSummary run(List<ChunkSample.Drawn> drawn) throws FaultException, InterruptedException {
        try (TaskWorkers pool = new TaskWorkers("data-check", workers)) {
            for (ChunkSample.Drawn one : drawn) {
                met.increment();
                pool.submit(() -> read(List.of(one.ref()), new FileVerdict(one.file())));
            }
            pool.finish();
        }
        return progress();
    }

    private void check(TreeReader tree, Entry entry, TaskWorkers pool) throws FaultException, InterruptedException {
        FileVerdict verdict = new FileVerdict(entry);
        try {
            ContentCursor content = tree.content(entry.content());
            List<ChunkRef> refs = new ArrayList<>();
            for (ChunkRef ref = content.next(); ref != null; ref = content.next()) {
                met.increment();
                if (sample.holds(ref)) {
                    refs.add(ref);
                }
                if (refs.size() == TASK_REFS) {
                    List<ChunkRef> full = refs;
                    pool.submit(() -> read(full, verdict));
                    refs = new ArrayList<>();
                }
            }
            if (!refs.isEmpty()) {
                List<ChunkRef> rest = refs;
                pool.submit(() -> read(rest, verdict));
            }
        } catch (FaultException e) {
            verdict.damaged(e);
        }
    }

    private void read(List<ChunkRef> refs, FileVerdict verdict) throws FaultException, InterruptedException {
        for (ChunkRef ref : refs) {
            try {
                byte[] chunk = chunks.read(ref, ChunkKind.DATA);
                if (chunk.length != ref.raw()) {
                    throw new FaultException(
                            Fault.INTEGRITY, "a chunk has " + chunk.length + " bytes instead of " + ref.raw());
                }
                read.increment();
                bytes.add(chunk.length);
            } catch (FaultException e) {
                verdict.damaged(e);
            }
        }
    }

    /** Counts a file as damaged once. Thread-safe. */
    private final class FileVerdict {
        private final Entry file;
        private boolean known;

        FileVerdict(Entry file) {
            this.file = file;
        }

        /** Only damage is a finding; any other fault ends the check. */
        synchronized void damaged(FaultException e) throws FaultException {
            if (e.fault() != Fault.INTEGRITY) {
                throw e;
            }
            if (!known) {
                known = true;
                damaged.increment();
                listener.failed(file.key(), String.valueOf(e.getMessage()));
            }
        }
    }
}
