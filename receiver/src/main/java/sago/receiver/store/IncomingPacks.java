package sago.receiver.store;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.id.PackId;
import sago.common.id.SessionId;
import sago.common.limits.Limits;

/**
 * Packs that are being received, a bounded number for each session. A pack is entered before the database is asked and leaves after the
 * database knows it, so that no pack is ever received twice. Thread-safe.
 */
final class IncomingPacks {
    private final StoreContext context;
    private final ConcurrentHashMap<PackId, IncomingPack> packs = new ConcurrentHashMap<>();

    IncomingPacks(StoreContext context) {
        this.context = context;
    }

    /** The pack as far as it is here; new if it is not. */
    IncomingPack receive(OpenedSession session, PackId id) throws FaultException {
        IncomingPack known = packs.get(id);
        if (known != null) {
            requireSession(known, session);
            return known;
        }
        if (count(session.session()) >= Limits.OPEN_PACKS_PER_SESSION_MAX) {
            throw new FaultException(
                    Fault.LIMIT,
                    "more than " + Limits.OPEN_PACKS_PER_SESSION_MAX + " packs of one session are open at once");
        }
        IncomingPack fresh = new IncomingPack(context, this, session, id);
        synchronized (fresh) {
            IncomingPack first = packs.putIfAbsent(id, fresh);
            if (first == null) {
                return lookUp(fresh);
            }
            known = first;
        }
        requireSession(known, session);
        return known;
    }

    /** Another thread that finds the fresh pack waits at its monitor until this is decided. */
    private IncomingPack lookUp(IncomingPack fresh) throws FaultException {
        try {
            Optional<PackRow> row = context.state().pack(fresh.id());
            if (row.isPresent() && !row.get().lost()) {
                if (!row.get().session().equals(fresh.session().session())) {
                    throw StoreFaults.protocol("pack " + fresh.id() + " belongs to another session");
                }
                fresh.foundDurable(row.get());
                remove(fresh);
            }
            if (row.isPresent() && !row.get().dataset().equals(fresh.session().dataset())) {
                throw StoreFaults.protocol("pack " + fresh.id() + " belongs to another dataset");
            }
            return fresh;
        } catch (IOException e) {
            fresh.refuse();
            remove(fresh);
            throw StoreFaults.of(e, "look pack " + fresh.id() + " up");
        }
    }

    private static void requireSession(IncomingPack pack, OpenedSession session) throws FaultException {
        if (!pack.session().session().equals(session.session())) {
            throw StoreFaults.protocol("pack " + pack.id() + " belongs to another session");
        }
    }

    private long count(SessionId session) {
        return packs.values().stream()
                .filter(pack -> pack.session().session().equals(session))
                .count();
    }

    Optional<IncomingPack> find(PackId id) {
        return Optional.ofNullable(packs.get(id));
    }

    void remove(IncomingPack pack) {
        packs.remove(pack.id(), pack);
    }

    /** Gives up what a session did not complete; returns the bytes of slices that were held of it. */
    long abandon(SessionId session) {
        List<IncomingPack> gone = packs.values().stream()
                .filter(pack -> pack.session().session().equals(session))
                .toList();
        return gone.stream().mapToLong(IncomingPack::abandon).sum();
    }

    /** Gives up everything that is not complete. */
    void abandonAll() {
        List.copyOf(packs.values()).forEach(IncomingPack::abandon);
    }
}
