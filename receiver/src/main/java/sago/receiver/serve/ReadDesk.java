package sago.receiver.serve;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.IntConsumer;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.id.DatasetId;
import sago.common.id.PackId;
import sago.common.limits.Limits;
import sago.common.pack.PackGeometry;
import sago.common.proto.Read;
import sago.common.proto.ReadFailed;
import sago.common.protocol.DataFrame;
import sago.receiver.store.SiteStore;

/**
 * Answers the READs of one connection: a bounded number wait, a few are read at once, and only while the client takes what it was sent. Thread-safe; reads run
 * on store threads.
 */
public final class ReadDesk {
    /** READs that one connection may have open: a restore asks ahead, not without end. */
    public static final int WAITING_MAX = 1024;

    private static final int AT_ONCE_MAX = 4;

    private final SiteStore store;
    private final Executor pool;
    private final ReadBudget budget;
    private final ByteBufAllocator allocator;
    private final Client client;
    private final Scope scope;
    private final IntConsumer served;
    private final Runnable again = this::proceed;
    private final Deque<Read> waiting = new ArrayDeque<>();
    private int running;
    private boolean closed;

    /** What a desk needs besides its client. */
    public record Means(
            SiteStore store, Executor pool, ReadBudget budget, ByteBufAllocator allocator, IntConsumer served) {}

    public ReadDesk(Means means, Scope scope, Client client) {
        this.scope = scope;
        this.store = means.store();
        this.pool = means.pool();
        this.budget = means.budget();
        this.allocator = means.allocator();
        this.served = means.served();
        this.client = client;
    }

    /** Takes a READ; PROTOCOL for one that no client of ours sends, LIMIT for one too many. */
    public void read(Read read) throws FaultException {
        int length = read.getLength();
        int offset = read.getOffset();
        if (read.getPack().size() != PackId.BYTES
                || length <= 0
                || length > Limits.READ_BYTES_MAX
                || offset < 0
                || offset % PackGeometry.HEADER_BYTES != 0
                || length % PackGeometry.HEADER_BYTES != 0) {
            throw new FaultException(
                    Fault.PROTOCOL, "READ of " + length + " bytes from " + offset + " is not of whole segments");
        }
        synchronized (this) {
            if (waiting.size() >= WAITING_MAX) {
                throw new FaultException(Fault.LIMIT, "more than " + WAITING_MAX + " READs wait");
            }
            waiting.add(read);
        }
        proceed();
    }

    /** Starts what can be started. Called also when the client takes data again. */
    public void proceed() {
        while (true) {
            Read next;
            synchronized (this) {
                next = waiting.peek();
                if (closed || next == null || running >= AT_ONCE_MAX || !client.isWritable()) {
                    return;
                }
                if (!budget.tryTake(next.getLength(), again)) {
                    return;
                }
                waiting.remove();
                running++;
            }
            start(next);
        }
    }

    /** The connection is over. */
    public synchronized void close() {
        closed = true;
        waiting.clear();
    }

    private void start(Read read) {
        try {
            pool.execute(() -> {
                try {
                    answer(read);
                } finally {
                    done(read);
                    proceed();
                }
            });
        } catch (RejectedExecutionException stopping) {
            done(read);
        }
    }

    private void done(Read read) {
        synchronized (this) {
            running--;
        }
        budget.giveBack(read.getLength());
    }

    private void requireScope(PackId pack) throws FaultException {
        Optional<DatasetId> dataset = scope.isAll() ? Optional.empty() : store.datasetOf(pack);
        if (dataset.isPresent()) {
            scope.require(dataset.get());
        }
    }

    private void answer(Read read) {
        ByteBuf bytes = allocator.directBuffer(read.getLength(), read.getLength());
        boolean sent = false;
        try {
            PackId pack = PackId.of(read.getPack().toByteArray());
            requireScope(pack);
            store.readPack(pack, read.getOffset(), bytes.internalNioBuffer(0, read.getLength()));
            bytes.writerIndex(read.getLength());
            sent = true;
            client.send(new DataFrame(read.getRequest(), bytes));
            served.accept(read.getLength());
        } catch (IOException e) {
            FaultException fault = RequestFaults.of(e);
            client.send(ReadFailed.newBuilder()
                    .setRequest(read.getRequest())
                    .setFault(fault.fault().code())
                    .setMessage(String.valueOf(fault.getMessage()))
                    .build());
        } finally {
            if (!sent) {
                bytes.release();
            }
        }
    }
}
