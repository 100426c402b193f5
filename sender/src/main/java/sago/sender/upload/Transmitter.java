package sago.sender.upload;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.id.PackId;
import sago.common.pack.PackEntry;
import sago.common.pack.PackGeometry;
import sago.common.protocol.PackPresence;
import sago.common.protocol.SliceFrame;
import sago.sender.pack.PackImage;
import sago.sender.pack.PackedChunk;

/**
 * The packs of a session that are not durable yet, oldest first, and which of their slices goes next on which connection.
 * Connections pull: whichever has credit and room in its socket takes the next slice, so a fast one carries more. Nothing
 * is encrypted here: what is resent are the same bytes.
 *
 * <p>Thread-safe: sealing threads hand over, event loops take. The lock is held for a few hundred instructions per slice.
 */
final class Transmitter {
    private final PackGeometry geometry;
    private final Window window;
    private final Throttle throttle;
    private final Map<PackId, OutboundPack> packs = new LinkedHashMap<>();
    private Runnable workListener = () -> {};

    private int unsettled;
    private long sealedBytes;
    private long sentBytes;
    private long resentBytes;
    private long durableBytes;
    private long durablePacks;
    private @Nullable FaultException fault;

    Transmitter(PackGeometry geometry, Window window, Throttle throttle) {
        this.geometry = geometry;
        this.window = window;
        this.throttle = throttle;
    }

    /** Called, outside of the lock, whenever there is something new to take. */
    synchronized void onWork(Runnable listener) {
        workListener = listener;
    }

    void sliceReady(PackImage image, int slice) throws FaultException {
        Runnable wake;
        synchronized (this) {
            check();
            packs.computeIfAbsent(image.id(), id -> new OutboundPack(image, geometry))
                    .sealed(slice);
            wake = workListener;
        }
        wake.run();
    }

    void complete(PackImage image, PackEntry entry, List<PackedChunk> chunks) throws FaultException {
        Runnable wake;
        synchronized (this) {
            check();
            OutboundPack pack = packs.get(image.id());
            if (pack == null) {
                throw new IllegalStateException("no slice of pack " + image.id() + " was handed over");
            }
            pack.complete(entry, chunks, geometry);
            unsettled++;
            sealedBytes += entry.length();
            wake = workListener;
        }
        wake.run();
    }

    /** Credit that a full slice needs. */
    int sliceBodyBytes() {
        return SliceFrame.bodyBytes(geometry.segmentBytes());
    }

    /** What the connection shall write next, within its credit and the rate; null when there is nothing that it may write. */
    synchronized @Nullable Work next(int link, long credit) {
        if (fault != null) {
            return null;
        }
        boolean mayCarry = credit >= sliceBodyBytes();
        long pauseNs = throttle.pauseNs();
        boolean held = false;
        for (OutboundPack pack : packs.values()) {
            if (pack.durable()) {
                continue;
            }
            held |= mayCarry && pauseNs > 0 && pack.hasSlice();
            Work.Slice slice = mayCarry && pauseNs == 0 ? pack.take(link) : null;
            if (slice != null) {
                count(slice);
                return slice;
            }
            Work.End end = pack.takeEnd(link);
            if (end != null) {
                return end;
            }
        }
        return held ? new Work.Pause(pauseNs) : null;
    }

    /** The connection reads the slice no more: it was written, or never will be. */
    synchronized void written(Work.Slice slice) {
        slice.pack().unpin();
        freeIfSpent(slice.pack());
    }

    /** The connection is gone. What it carried is in doubt until {@link #learnt}. */
    synchronized void linkLost(int link) {
        packs.values().forEach(pack -> pack.linkLost(link));
    }

    /** The packs about which the site has to be asked after a lost connection: all of which something was sent. */
    synchronized List<PackId> doubted() {
        return undurable(OutboundPack::started);
    }

    /** The packs of which everything was sent and nothing was heard. */
    synchronized List<PackId> unacknowledged() {
        return undurable(OutboundPack::ended);
    }

    /**
     * What the site says of a pack. Answers the pack if this made it durable, for {@link #settled} later.
     *
     * @param bitmap of the slices that it holds; empty unless receiving
     */
    @Nullable
    OutboundPack learnt(PackId id, PackPresence presence, byte[] bitmap) throws FaultException {
        if (presence == PackPresence.DURABLE) {
            return durable(id);
        }
        Runnable wake;
        synchronized (this) {
            OutboundPack pack = packs.get(id);
            if (pack != null && !pack.durable()) {
                pack.learn(presence == PackPresence.RECEIVING ? bitmap : new byte[0]);
            }
            wake = workListener;
        }
        wake.run();
        return null;
    }

    /** The site acknowledged a pack. Null if that is no news. */
    synchronized @Nullable OutboundPack durable(PackId id) throws FaultException {
        OutboundPack pack = packs.get(id);
        if (pack == null) {
            return null;
        }
        PackEntry entry = pack.entry();
        if (entry == null) {
            throw new FaultException(
                    Fault.PROTOCOL,
                    "the site acknowledged pack " + id + ", which was not sent completely; look at the site's log");
        }
        if (!pack.becomeDurable()) {
            return null;
        }
        durableBytes += entry.length();
        durablePacks++;
        return pack;
    }

    /** The acknowledgement was noted at home: the image is free as soon as no connection reads it. */
    synchronized void settled(OutboundPack pack) {
        pack.settle();
        unsettled--;
        notifyAll();
        freeIfSpent(pack);
    }

    /** Waits until every complete pack is durable and noted. */
    synchronized void awaitSettled() throws FaultException, InterruptedException {
        while (fault == null && unsettled > 0) {
            wait();
        }
        check();
    }

    /** Everything ends with this fault; the first one stays. */
    synchronized void fail(FaultException cause) {
        if (fault == null) {
            fault = cause;
            notifyAll();
        }
        window.fail(cause);
    }

    synchronized Counters counters() {
        return new Counters(sealedBytes, sentBytes, resentBytes, durableBytes, durablePacks);
    }

    /** Sealed bytes that no connection has taken yet. */
    synchronized long unsentBytes() {
        long bytes = 0;
        for (OutboundPack pack : packs.values()) {
            bytes += pack.readyBytes();
        }
        return bytes;
    }

    /** Bytes of packs, cumulative. Sent and resent count slices that were handed to a connection. */
    record Counters(long sealedBytes, long sentBytes, long resentBytes, long durableBytes, long durablePacks) {}

    private List<PackId> undurable(Predicate<OutboundPack> which) {
        List<PackId> ids = new ArrayList<>();
        packs.forEach((id, pack) -> {
            if (!pack.durable() && which.test(pack)) {
                ids.add(id);
            }
        });
        return ids;
    }

    private void count(Work.Slice slice) {
        sentBytes += slice.length();
        throttle.sent(slice.length());
        if (slice.again()) {
            resentBytes += slice.length();
        }
    }

    private void freeIfSpent(OutboundPack pack) {
        if (pack.spent() && packs.remove(pack.image().id(), pack)) {
            window.free(pack.image().buffer());
        }
    }

    private void check() throws FaultException {
        if (fault != null) {
            throw Faults.again(fault);
        }
    }
}
