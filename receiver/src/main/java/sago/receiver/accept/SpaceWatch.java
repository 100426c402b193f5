package sago.receiver.accept;

import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sago.common.fault.FaultException;
import sago.common.proto.SiteState;
import sago.common.protocol.SiteCondition;
import sago.receiver.store.SpaceGauge;

/**
 * Stops credit while the disk is short of room and starts it again by itself, telling every session each time. What arrived under credit that was granted before and
 * could not be written waits here, still counted as memory, and is tried again when there is room. Thread-safe; {@link #check} runs on a store thread.
 */
final class SpaceWatch {
    private static final Logger LOG = LoggerFactory.getLogger(SpaceWatch.class);

    private final SpaceGauge gauge;
    private final CreditPool credit;
    private final SessionBook sessions;
    private final List<Runnable> parked = new ArrayList<>();
    private boolean closed;
    private SiteCondition condition = SiteCondition.OK;
    private volatile long freeBytes;

    SpaceWatch(SpaceGauge gauge, CreditPool credit, SessionBook sessions) {
        this.gauge = gauge;
        this.credit = credit;
        this.sessions = sessions;
    }

    /** Asks the disk and acts on a change. */
    void check() throws FaultException {
        SpaceGauge.Reading reading = gauge.read();
        freeBytes = reading.freeBytes();
        become(reading.condition());
    }

    /** A write found the disk full: it is tried again, by this, when there is room. */
    void park(Runnable again) {
        boolean waits;
        synchronized (parked) {
            waits = !closed;
            if (waits) {
                parked.add(again);
            }
        }
        if (waits) {
            become(SiteCondition.FULL);
        } else {
            again.run();
        }
    }

    /** The store threads have ended: what waits here is tried once more, finds no thread, and is dropped. */
    void close() {
        synchronized (parked) {
            closed = true;
        }
        retry();
    }

    private void retry() {
        List<Runnable> again;
        synchronized (parked) {
            again = List.copyOf(parked);
            parked.clear();
        }
        again.forEach(Runnable::run);
    }

    /** The state as SITE_STATE tells it. */
    synchronized SiteState state() {
        return SiteState.newBuilder()
                .setState(condition.wireId())
                .setFreeBytes(freeBytes)
                .setMessage(condition == SiteCondition.FULL ? "the site's disk is full; make room there" : "")
                .build();
    }

    boolean isFull() {
        return state().getState() == SiteCondition.FULL.wireId();
    }

    long freeBytes() {
        return freeBytes;
    }

    private void become(SiteCondition next) {
        synchronized (this) {
            if (condition == next) {
                return;
            }
            condition = next;
        }
        if (next == SiteCondition.FULL) {
            LOG.warn("the disk is full: nothing more is taken until there is room");
            credit.pause();
            sessions.tellAll(state());
        } else {
            LOG.warn("there is room again: {} bytes", freeBytes);
            // Before what follows from it: acknowledgements of what is tried again, and credit.
            sessions.tellAll(state());
            retry();
            credit.resume();
        }
    }
}
