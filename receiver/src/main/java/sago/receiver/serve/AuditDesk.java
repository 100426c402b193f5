package sago.receiver.serve;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.id.DatasetId;
import sago.common.id.Hash;
import sago.common.id.PackId;
import sago.common.proto.Audit;
import sago.common.proto.Audited;
import sago.common.proto.AuditedPack;
import sago.receiver.store.AuditPage;
import sago.receiver.store.SiteStore;

/**
 * Hashes packs again for those who ask, a page at a time, on one thread of its own: an audit reads whole disks and must not stand in the way of what
 * senders store. Thread-safe.
 */
public final class AuditDesk implements AutoCloseable {
    /** Pages that may wait, from all clients. */
    private static final int WAITING_MAX = 64;

    private static final int STOP_SECONDS = 3;

    private final SiteStore store;
    private final ThreadPoolExecutor thread;

    public AuditDesk(SiteStore store) {
        this.store = store;
        this.thread = new ThreadPoolExecutor(
                1,
                1,
                0,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(WAITING_MAX),
                task -> new Thread(task, "sago-audit"));
    }

    /**
     * Answers one page, later. LIMIT where too many wait.
     *
     * @param done runs when it was answered
     */
    public void audit(Audit request, Scope scope, Client client, Runnable done) throws FaultException {
        DatasetId dataset = DatasetId.of(CatalogDesk.exactly(request.getDataset(), DatasetId.BYTES, "dataset id"));
        scope.require(dataset);
        Optional<PackId> after = request.getAfterPack().isEmpty()
                ? Optional.empty()
                : Optional.of(PackId.of(CatalogDesk.exactly(request.getAfterPack(), PackId.BYTES, "pack id")));
        try {
            thread.execute(() -> {
                try {
                    client.send(message(store.audit(dataset, after, request.getMax())));
                } catch (IOException e) {
                    client.fail(RequestFaults.of(e));
                } finally {
                    done.run();
                }
            });
        } catch (RejectedExecutionException full) {
            throw new FaultException(Fault.LIMIT, "too many audits wait at this site; try again later", full);
        }
    }

    private static Audited message(AuditPage page) {
        Audited.Builder message = Audited.newBuilder().setMore(page.more());
        for (AuditPage.Audited pack : page.packs()) {
            AuditedPack.Builder row = AuditedPack.newBuilder()
                    .setPack(ByteString.copyFrom(pack.pack().toBytes()))
                    .setLength(pack.length())
                    .setSound(pack.sound());
            pack.root().map(Hash::toBytes).map(ByteString::copyFrom).ifPresent(row::setRoot);
            message.addPacks(row);
        }
        return message.build();
    }

    /** Waits a little for the page that is being hashed; the others are dropped. */
    @Override
    public void close() {
        thread.shutdown();
        thread.getQueue().clear();
        boolean interrupted = false;
        try {
            thread.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
