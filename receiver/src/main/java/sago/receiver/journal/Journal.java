package sago.receiver.journal;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.limits.Limits;

/**
 * Appends records and makes them durable in groups: one thread takes all that wait, writes them, forces once, tells the listener, and
 * completes the appends in order. A failed force, or a listener that fails, is the end: later appends fail, and only a new start,
 * which reads everything again, may go on. A full disk is not: that group is taken back and its appends fail with the write's exception.
 *
 * <p>Thread-safe. Appends complete on the journal's thread, so that what hangs on them must be short.
 */
public final class Journal implements AutoCloseable {
    /** One append that waits, or the sign that none follows. */
    private record Pending(
            RecordType type, ByteString payload, CompletableFuture<JournalPosition> done, boolean stops) {
        int bytes() {
            return RecordCodec.HEADER_BYTES + payload.size();
        }
    }

    private final JournalListener listener;
    private final GroupWriter writer;
    private final BlockingQueue<Pending> waiting = new ArrayBlockingQueue<>(Limits.JOURNAL_PENDING_MAX);
    private final Pending stop = new Pending(RecordType.PACK, ByteString.EMPTY, new CompletableFuture<>(), true);
    private final Thread thread;
    private volatile JournalPosition head;
    private volatile @Nullable FaultException failure;
    private boolean closed;

    private Journal(JournalSettings settings, JournalRecovery.End end, JournalListener listener) throws IOException {
        this.listener = listener;
        this.head = end.position();
        this.writer = new GroupWriter(settings, end);
        this.thread = new Thread(this::run, "sago-journal");
    }

    /**
     * Recovers a journal, handing all its records to the listener, and starts its thread.
     *
     * @param witness a position that is known to have been forced, or START: a journal that ends before it has lost promises
     * @throws FaultException INTEGRITY where a record that was promised is damaged or gone; nothing was changed then
     */
    public static Journal open(JournalSettings settings, JournalPosition witness, JournalListener listener)
            throws IOException {
        JournalRecovery.End end = new JournalRecovery(settings, witness, listener).run();
        Journal journal = new Journal(settings, end, listener);
        journal.thread.start();
        return journal;
    }

    /** The newest durable record. */
    public JournalPosition head() {
        return head;
    }

    /**
     * Appends a record; waits while too many others wait. The result completes once it is durable and the listener knows it, or fails with
     * a FaultException DISK when the journal has failed, or with the write's IOException when the disk is full.
     */
    public CompletableFuture<JournalPosition> append(RecordType type, ByteString payload) throws FaultException {
        if (payload.size() > Limits.JOURNAL_RECORD_BYTES_MAX) {
            throw new IllegalArgumentException("journal payload of " + payload.size() + " bytes");
        }
        Pending pending = new Pending(type, payload, new CompletableFuture<>(), false);
        synchronized (this) {
            if (closed) {
                throw new IllegalStateException("the journal is closed");
            }
            try {
                waiting.put(pending);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new FaultException(Fault.INTERRUPTED, "interrupted while waiting for the journal", e);
            }
        }
        return pending.done;
    }

    /** Writes what waits, then ends the thread. */
    @Override
    public void close() throws IOException {
        synchronized (this) {
            if (!closed) {
                closed = true;
                uninterruptibly(() -> waiting.put(stop));
            }
        }
        uninterruptibly(thread::join);
        writer.close();
    }

    /** A call that waits. */
    private interface Waiting {
        void run() throws InterruptedException;
    }

    private static void uninterruptibly(Waiting call) {
        boolean interrupted = false;
        while (true) {
            try {
                call.run();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        List<Pending> group = new ArrayList<>();
        Pending next = take();
        while (!next.stops) {
            int bytes = 0;
            while (next != null && !next.stops && bytes + next.bytes() <= Limits.JOURNAL_GROUP_BYTES) {
                group.add(next);
                bytes += next.bytes();
                next = waiting.poll();
            }
            commit(group);
            group.clear();
            if (next == null) {
                next = take();
            }
        }
    }

    private Pending take() {
        while (true) {
            try {
                return waiting.take();
            } catch (InterruptedException e) {
                // Only close() ends this thread: what waits is written first.
            }
        }
    }

    private void commit(List<Pending> group) {
        FaultException failed = failure;
        if (failed != null) {
            FaultException again = new FaultException(
                    Fault.DISK, "the journal failed before: check the disk, then start again", failed);
            group.forEach(pending -> pending.done.completeExceptionally(again));
            return;
        }
        List<JournalRecord> records = new ArrayList<>(group.size());
        try {
            writer.begin(head);
            for (Pending pending : group) {
                records.add(writer.add(pending.type, pending.payload));
            }
            writer.write();
        } catch (IOException e) {
            takeBack(group, e);
            return;
        }
        try {
            writer.force();
            listener.forced(records);
        } catch (IOException | RuntimeException e) {
            fail(group, e);
            return;
        }
        head = records.get(records.size() - 1).position();
        for (int i = 0; i < group.size(); i++) {
            group.get(i).done.complete(records.get(i).position());
        }
    }

    /** Nothing of this group was forced or told: remove its bytes, so that the journal can go on. */
    private void takeBack(List<Pending> group, IOException cause) {
        try {
            if (cause instanceof FaultException) {
                throw cause;
            }
            writer.takeBack();
        } catch (IOException e) {
            fail(group, e);
            return;
        }
        group.forEach(pending -> pending.done.completeExceptionally(cause));
    }

    private void fail(List<Pending> group, Exception cause) {
        FaultException failed = new FaultException(
                Fault.DISK,
                "the journal failed (" + cause.getMessage()
                        + "): nothing more is acknowledged. Check the disk, then start again",
                cause);
        failure = failed;
        listener.failed(failed);
        group.forEach(pending -> pending.done.completeExceptionally(failed));
    }
}
