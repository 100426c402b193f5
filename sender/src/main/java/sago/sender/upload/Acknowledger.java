package sago.sender.upload;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.pack.PackEntry;
import sago.common.proto.ReceiptIssued;

/**
 * Notes acknowledgements and receipts at home, in the order of arrival, on a thread of its own, so that a slow disk at home
 * stops neither event loops nor other connections. The image of a pack is freed after its listener returned.
 *
 * <p>Acknowledgements are bounded by the window; receipts by {@link #RECEIPTS_MAX}.
 */
final class Acknowledger implements AcknowledgementSink, AutoCloseable {
    /** A site issues at most one receipt a second: an hour of them waiting means that it does not keep to that. */
    static final int RECEIPTS_MAX = 3600;

    private final DurableListener durableListener;
    private final ReceiptChecker receipts;
    private final Transmitter transmitter;
    private final Consumer<FaultException> onFault;
    private final LinkedBlockingQueue<Note> notes = new LinkedBlockingQueue<>();
    private final Thread thread;

    Acknowledger(
            DurableListener durableListener,
            ReceiptChecker receipts,
            Transmitter transmitter,
            Consumer<FaultException> onFault,
            ThreadFactory threads) {
        this.durableListener = durableListener;
        this.receipts = receipts;
        this.transmitter = transmitter;
        this.onFault = onFault;
        this.thread = threads.newThread(this::run);
    }

    void start() {
        thread.start();
    }

    @Override
    public void durable(OutboundPack pack, long keepUntil) {
        notes.add(new Note(pack, null, keepUntil));
    }

    @Override
    public void receipt(ReceiptIssued receipt) {
        if (notes.size() > RECEIPTS_MAX) {
            onFault.accept(new FaultException(
                    Fault.LIMIT, "the site sends more receipts than can be noted; look at the site's log"));
            return;
        }
        notes.add(new Note(null, receipt, 0));
    }

    /** Notes what has arrived, then ends the thread and waits for it. */
    @Override
    public void close() {
        notes.add(new Note(null, null, 0));
        boolean interrupted = false;
        while (thread.isAlive() && Thread.currentThread() != thread) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            while (true) {
                Note note = notes.take();
                if (note.pack != null) {
                    note(note.pack, note.keepUntil);
                } else if (note.receipt != null) {
                    receipts.accept(note.receipt);
                } else {
                    return;
                }
            }
        } catch (FaultException e) {
            onFault.accept(e);
        } catch (InterruptedException e) {
            onFault.accept(new FaultException(Fault.INTERRUPTED, "noting acknowledgements was interrupted", e));
        } catch (RuntimeException e) {
            onFault.accept(new FaultException(Fault.FATAL, "noting an acknowledgement failed: " + e, e));
        }
    }

    private void note(OutboundPack pack, long keepUntil) throws FaultException {
        PackEntry entry = pack.entry();
        if (entry == null) {
            throw new IllegalStateException(
                    "acknowledged before it was complete: " + pack.image().id());
        }
        durableListener.packDurable(entry, pack.chunks(), keepUntil);
        transmitter.settled(pack);
    }

    /** One of pack and receipt is set, or none: the end. */
    private record Note(
            @Nullable OutboundPack pack, @Nullable ReceiptIssued receipt, long keepUntil) {}
}
