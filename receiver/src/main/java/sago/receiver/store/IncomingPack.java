package sago.receiver.store;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.id.Hash;
import sago.common.id.PackId;
import sago.common.pack.PackEntry;
import sago.common.pack.PackGeometry;
import sago.common.pack.PackHeader;
import sago.receiver.journal.JournalPosition;
import sago.receiver.journal.RecordType;
import sago.receiver.proto.PackRecord;

/**
 * A pack on its way to durable. Slices are written by whatever store threads bring them, each hashed once from memory on the way; whoever
 * brings the last piece compares the root, forces the file and hands the record to the journal. Thread-safe by its monitor, which is not held
 * while the disk works.
 */
public final class IncomingPack {
    /** How far it is; nobody but {@code become} changes it. */
    private enum State {
        RECEIVING,
        FINISHING,
        DURABLE,
        GONE;

        boolean mayBecome(State next) {
            return switch (this) {
                case RECEIVING -> next != RECEIVING;
                case FINISHING -> next != FINISHING; // back to receiving where the journal had no room
                case DURABLE, GONE -> false;
            };
        }
    }

    /** What PACK_END said, and who waits for the answer. */
    private record Ending(PackEntry entry, int slices, CompletableFuture<DurableAck> done) {}

    private final StoreContext context;
    private final OpenedSession session;
    private final PackId id;
    private final IncomingPacks registry;
    private final OpenPackFile file;
    private final SliceMap slices = new SliceMap();
    private State state = State.RECEIVING;
    private @Nullable DurableAck ack;
    private @Nullable Ending ending;
    private int writing;
    private int firstSliceBytes;

    IncomingPack(StoreContext context, IncomingPacks registry, OpenedSession session, PackId id) {
        this.context = context;
        this.registry = registry;
        this.session = session;
        this.id = id;
        this.file = new OpenPackFile(
                context.files(), context.space(), id, session.geometry().packBytes());
    }

    public PackId id() {
        return id;
    }

    OpenedSession session() {
        return session;
    }

    /** The pack turned out to be durable already: slices are ignored and the end is answered. */
    synchronized void foundDurable(PackRow row) {
        become(State.DURABLE);
        ack = row.ack();
    }

    /** The look-up failed: nothing may be written under this id. */
    synchronized void refuse() {
        become(State.GONE);
    }

    /**
     * Writes a slice to the file. Borrows the bytes, and leaves position and limit as they were.
     *
     * @return false where the slice is held, or being written, already
     * @throws FaultException PROTOCOL for a slice that cannot be part of this pack, SITE_FULL where it could not be written and may be
     *     sent again, DISK where the disk is broken
     */
    public boolean writeSlice(int slice, ByteBuffer bytes) throws FaultException {
        context.health().check();
        if (!claim(slice, bytes)) {
            return false;
        }
        Hash root = null;
        try {
            Hash hash = context.hasher().slice(bytes);
            file.write(bytes.duplicate(), (long) slice * session.geometry().segmentBytes());
            root = hash;
        } catch (IOException e) {
            throw failed(e, "write pack " + id);
        } finally {
            settle(slice, root);
        }
        finishIfComplete();
        return true;
    }

    private synchronized boolean claim(int slice, ByteBuffer bytes) throws FaultException {
        if (state == State.DURABLE || state == State.FINISHING) {
            return false;
        }
        requireThere();
        requirePlausible(slice, bytes.remaining());
        if (slice == 0) {
            requireHeader(bytes.duplicate());
        }
        if (!slices.claim(slice)) {
            return false;
        }
        if (slice == 0) {
            firstSliceBytes = bytes.remaining();
        }
        writing++;
        return true;
    }

    /** The write of a slice is over; it failed if there is no root. */
    private void settle(int slice, @Nullable Hash root) {
        synchronized (this) {
            writing--;
            if (root == null) {
                slices.giveUp(slice);
            } else {
                slices.hold(slice, root);
            }
            if (state != State.GONE || writing > 0) {
                return;
            }
        }
        remove(sessionEnded());
    }

    /**
     * The pack is complete on the sender's side; may come before its slices, and again. The result completes, on the journal's thread, once
     * the pack is durable. It fails with INTEGRITY where the bytes are not those of this root (nothing is kept, it may be sent again), SITE_FULL
     * where the disk has no room for the record (the end may be sent again), DISK, or INTERRUPTED where the session ended.
     *
     * @throws FaultException PROTOCOL where this cannot be the end of this pack
     */
    public CompletionStage<DurableAck> end(int length, Hash root) throws FaultException {
        context.health().check();
        PackGeometry geometry = session.geometry();
        if (!geometry.allowsLength(length)) {
            throw StoreFaults.protocol("pack " + id + " cannot have " + length + " bytes");
        }
        PackEntry entry = new PackEntry(id, length, root);
        CompletableFuture<DurableAck> done;
        synchronized (this) {
            DurableAck known = ack;
            if (known != null) {
                requireSame(known.pack(), entry);
                return CompletableFuture.completedStage(known);
            }
            requireThere();
            Ending before = ending;
            if (before != null) {
                requireSame(before.entry, entry);
                return before.done;
            }
            int count = geometry.segments(length);
            if (slices.span() > count || (firstSliceBytes > 0 && firstSliceBytes != geometry.sliceLength(length))) {
                throw StoreFaults.protocol("slices of pack " + id + " do not fit its length of " + length);
            }
            done = new CompletableFuture<>();
            ending = new Ending(entry, count, done);
        }
        finishIfComplete();
        return done;
    }

    synchronized PackHolding holding() {
        DurableAck known = ack;
        return known == null ? PackHolding.receiving(slices.bitmap()) : PackHolding.durable(known.sequence());
    }

    /** The session is gone: what is not complete is removed. Returns the bytes of slices that were held. */
    long abandon() {
        long held;
        synchronized (this) {
            if (state != State.RECEIVING) {
                return 0;
            }
            become(State.GONE);
            int sliceBytes =
                    firstSliceBytes > 0 ? firstSliceBytes : session.geometry().segmentBytes();
            held = (long) slices.held() * sliceBytes;
            if (writing > 0) {
                return held;
            }
        }
        remove(sessionEnded());
        return held;
    }

    private FaultException sessionEnded() {
        return new FaultException(Fault.INTERRUPTED, "the session of pack " + id + " ended before it was complete");
    }

    private void become(State next) {
        if (!state.mayBecome(next)) {
            throw new IllegalStateException("pack " + id + " cannot go from " + state + " to " + next);
        }
        state = next;
    }

    private void requireThere() throws FaultException {
        if (state == State.GONE) {
            throw new FaultException(Fault.NO_SESSION, "pack " + id + " was given up: open the session again");
        }
    }

    private void requirePlausible(int slice, int bytes) throws FaultException {
        PackGeometry geometry = session.geometry();
        Ending end = ending;
        int count = end == null ? geometry.segments(geometry.packBytes()) : end.slices;
        int expected = end == null ? geometry.segmentBytes() : geometry.sliceLength((int) end.entry.length());
        boolean small = end == null && slice == 0 && bytes < geometry.segmentBytes() && geometry.allowsLength(bytes);
        if (slice < 0 || slice >= count || (bytes != expected && !small)) {
            throw StoreFaults.protocol("slice " + slice + " of " + bytes + " bytes cannot be part of pack " + id);
        }
    }

    private void requireHeader(ByteBuffer bytes) throws FaultException {
        PackHeader expected = new PackHeader(
                session.geometry().segmentBytes(), session.vault(), session.dataset(), session.session(), id);
        if (!PackHeader.read(bytes).equals(expected)) {
            throw StoreFaults.protocol("the header of pack " + id + " names another pack or session");
        }
    }

    private static void requireSame(PackEntry known, PackEntry said) throws FaultException {
        if (!known.equals(said)) {
            throw StoreFaults.protocol("pack " + said.id() + " was ended before with another length or root");
        }
    }

    private void finishIfComplete() {
        Ending end;
        List<Hash> roots;
        synchronized (this) {
            end = ending;
            if (state != State.RECEIVING || end == null || !slices.holdsAll(end.slices)) {
                return;
            }
            become(State.FINISHING);
            roots = slices.roots(end.slices);
        }
        if (!context.hasher().root(roots).equals(end.entry.root())) {
            synchronized (this) {
                become(State.GONE);
            }
            remove(new FaultException(
                    Fault.INTEGRITY, "pack " + id + " arrived with other bytes than its root says; send it again"));
            return;
        }
        try {
            file.force();
            long timeMs = context.clock().wallMs();
            CompletableFuture<JournalPosition> unused = context.journal()
                    .append(RecordType.PACK, payload(end.entry, timeMs))
                    .whenComplete((position, failure) -> journalled(end, context.keepUntil(timeMs), position, failure));
        } catch (IOException e) {
            end.done.completeExceptionally(failed(e, "force pack " + id));
        }
    }

    private void journalled(
            Ending end, long keepUntil, @Nullable JournalPosition position, @Nullable Throwable failure) {
        if (position == null) {
            synchronized (this) {
                become(State.RECEIVING);
                ending = null;
            }
            end.done.completeExceptionally(
                    StoreFaults.of(failure == null ? new IOException("no position") : failure, "journal pack " + id));
            return;
        }
        DurableAck durable = new DurableAck(end.entry, position.sequence(), keepUntil);
        synchronized (this) {
            become(State.DURABLE);
            ack = durable;
        }
        file.close();
        registry.remove(this);
        end.done.complete(durable);
    }

    private ByteString payload(PackEntry entry, long timeMs) {
        return PackRecord.newBuilder()
                .setPack(ByteString.copyFrom(id.toBytes()))
                .setLength(entry.length())
                .setRoot(ByteString.copyFrom(entry.root().toBytes()))
                .setSession(ByteString.copyFrom(session.session().toBytes()))
                .setDataset(ByteString.copyFrom(session.dataset().toBytes()))
                .setTimeMs(timeMs)
                .setKeepUntil(context.keepUntil(timeMs))
                .build()
                .toByteString();
    }

    /** A force that failed ends the whole store. */
    private FaultException failed(IOException cause, String doing) {
        FaultException fault = StoreFaults.of(cause, doing);
        if (cause instanceof FaultException && fault.fault() == Fault.DISK) {
            context.health().fail(fault);
        }
        return fault;
    }

    private void remove(FaultException why) {
        file.discard();
        registry.remove(this);
        Ending end;
        synchronized (this) {
            end = ending;
        }
        if (end != null) {
            end.done.completeExceptionally(why);
        }
    }
}
