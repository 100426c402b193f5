package sago.receiver.acknowledge;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sago.common.id.DatasetId;
import sago.common.limits.Limits;
import sago.receiver.store.StoreListener;
import sago.receiver.store.StoredPack;

/**
 * Groups packs that became durable by dataset and signs each group, at most one in {@link Limits#RECEIPT_INTERVAL_MS} for each dataset.
 * What waits here when the process dies gets no receipt of its own; the receipt of the commit that names it covers it. Thread-safe.
 */
public final class ReceiptWriter implements StoreListener, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ReceiptWriter.class);

    private final ReceiptSigner signer;
    private final ReceiptListener listener;
    private final Map<DatasetId, List<StoredPack>> waiting = new LinkedHashMap<>();
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "sago-receipts"));

    private ReceiptWriter(ReceiptSigner signer, ReceiptListener listener) {
        this.signer = signer;
        this.listener = listener;
    }

    /** Starts the thread that signs. */
    public static ReceiptWriter start(ReceiptSigner signer, ReceiptListener listener) {
        ReceiptWriter writer = new ReceiptWriter(signer, listener);
        ScheduledFuture<?> unused = writer.thread.scheduleWithFixedDelay(
                writer::issue, Limits.RECEIPT_INTERVAL_MS, Limits.RECEIPT_INTERVAL_MS, TimeUnit.MILLISECONDS);
        return writer;
    }

    @Override
    public void packStored(StoredPack pack) {
        synchronized (waiting) {
            waiting.computeIfAbsent(pack.dataset(), dataset -> new ArrayList<>())
                    .add(pack);
        }
    }

    /** Signs what waits. */
    private void issue() {
        List<List<StoredPack>> groups;
        synchronized (waiting) {
            groups = new ArrayList<>(waiting.values());
            waiting.clear();
        }
        for (List<StoredPack> group : groups) {
            for (int at = 0; at < group.size(); at += Limits.IDS_PER_MESSAGE_MAX) {
                int end = Math.min(group.size(), at + Limits.IDS_PER_MESSAGE_MAX);
                issue(group.subList(at, end));
            }
        }
    }

    private void issue(List<StoredPack> group) {
        try {
            listener.issued(signer.sign(group));
        } catch (RuntimeException e) {
            // A receipt more or less must not end the thread: the packs are durable, and the commit's receipt will
            // cover them.
            LOG.error("could not issue a receipt for {} packs", group.size(), e);
        }
    }

    /** Signs what waits, then ends the thread. */
    @Override
    public void close() {
        thread.execute(this::issue);
        thread.shutdown();
        boolean interrupted = false;
        while (!thread.isTerminated()) {
            try {
                if (!thread.awaitTermination(1, TimeUnit.MINUTES)) {
                    LOG.warn("receipts are still being signed");
                }
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
