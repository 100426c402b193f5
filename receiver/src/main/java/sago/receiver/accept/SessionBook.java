package sago.receiver.accept;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.id.DatasetId;
import sago.common.id.Hash;
import sago.common.id.SessionId;
import sago.common.limits.Limits;
import sago.common.time.Clock;
import sago.common.trust.SessionTerms;
import sago.receiver.serve.Client;

/**
 * The lease of each dataset: one live session at a time. A session lives while it has a connection; then the lease is free, for the
 * same session again or for another one. A client's later session takes it from an earlier one that is silent. Thread-safe.
 */
final class SessionBook {
    private static final int TOKEN_BYTES = 32;

    private final SecureRandom random;
    private final Clock clock;
    private final Map<DatasetId, LiveSession> leases = new HashMap<>();

    /** The session that had the lease last, with the time at which it lost its last connection. */
    private final Map<DatasetId, Past> past = new HashMap<>();

    private record Past(SessionId session, long leftNs) {}

    SessionBook(SecureRandom random, Clock clock) {
        this.random = random;
        this.clock = clock;
    }

    /**
     * Takes or joins the lease for a session that was verified. A client takes it over from an earlier session of its own that is silent:
     * behind a lost link the connections of a dead process linger.
     *
     * @throws FaultException LOCKED where another session lives
     */
    LiveSession open(SessionTerms terms, Hash spki, Client connection) throws FaultException {
        LiveSession silent;
        LiveSession live;
        synchronized (this) {
            silent = releaseSilent(terms, spki);
            live = join(lease(terms, spki), connection);
        }
        if (silent != null) {
            silent.end(new FaultException(Fault.LOCKED, "a later session of this sender has taken the dataset over"));
        }
        return live;
    }

    private @Nullable LiveSession releaseSilent(SessionTerms terms, Hash spki) {
        LiveSession live = leases.get(terms.dataset());
        if (live == null || live.terms().session().equals(terms.session()) || !live.isOf(spki) || !live.isSilent()) {
            return null;
        }
        release(live);
        return live;
    }

    private LiveSession lease(SessionTerms terms, Hash spki) throws FaultException {
        LiveSession live = leases.get(terms.dataset());
        if (live == null) {
            byte[] token = new byte[TOKEN_BYTES];
            random.nextBytes(token);
            live = new LiveSession(terms, spki, ByteString.copyFrom(token));
            leases.put(terms.dataset(), live);
            return live;
        }
        boolean sameClient = live.isOf(spki);
        if (!live.terms().session().equals(terms.session())) {
            throw new FaultException(
                    Fault.LOCKED,
                    (sameClient ? "another session of this sender" : "another sender") + " is writing to this dataset: "
                            + "wait until it ends, then run again; one whose process or link is gone gives way after "
                            + 2 * Limits.PING_INTERVAL_MS / 1000 + " s" + (sameClient ? "" : " to its own sender"));
        }
        if (!sameClient) {
            throw new FaultException(Fault.PEER_REFUSED, "the session belongs to another client");
        }
        return live;
    }

    /** Joins a live session. NO_SESSION where it is over, PEER_REFUSED for a wrong token or another client. */
    synchronized LiveSession attach(
            DatasetId dataset, SessionId session, Hash spki, ByteString token, Client connection)
            throws FaultException {
        LiveSession live = leases.get(dataset);
        if (live == null || !live.terms().session().equals(session)) {
            throw new FaultException(Fault.NO_SESSION, "the session is not open here: open it again");
        }
        if (!live.admits(spki, token)) {
            throw new FaultException(Fault.PEER_REFUSED, "the attach token is not of this session and client");
        }
        return join(live, connection);
    }

    private LiveSession join(LiveSession live, Client connection) throws FaultException {
        if (live.connections() >= Limits.CONNECTIONS_PER_SESSION_MAX) {
            throw new FaultException(
                    Fault.LIMIT, "a session has at most " + Limits.CONNECTIONS_PER_SESSION_MAX + " connections");
        }
        live.add(connection);
        return live;
    }

    /** A connection is gone; with the last one the lease is free. */
    synchronized void leave(LiveSession session, Client connection) {
        if (session.remove(connection)) {
            release(session);
        }
    }

    /** Nothing happens where another session has the lease already. */
    private void release(LiveSession session) {
        DatasetId dataset = session.terms().dataset();
        if (leases.remove(dataset, session)) {
            past.put(dataset, new Past(session.terms().session(), clock.monotonicNs()));
        }
    }

    /** Frees the lease of a session that was opened under an older grant than this. Its connections are ended by whoever calls. */
    synchronized void revokeOlder(DatasetId dataset, long grantSequence) {
        LiveSession live = leases.get(dataset);
        if (live != null && live.terms().grantSequence() < grantSequence) {
            release(live);
        }
    }

    /** The session before this one, whose half-received packs nobody will complete any more; asked once. */
    synchronized Optional<SessionId> replacedBy(SessionTerms terms) {
        Past before = past.remove(terms.dataset());
        return Optional.ofNullable(before).map(Past::session).filter(session -> !session.equals(terms.session()));
    }

    /** Sessions that have had no connection for this long; each is named once. */
    synchronized List<SessionId> goneFor(long idleNs) {
        List<SessionId> gone = new ArrayList<>();
        long now = clock.monotonicNs();
        past.values().removeIf(session -> {
            boolean isGone = now - session.leftNs() >= idleNs;
            if (isGone) {
                gone.add(session.session());
            }
            return isGone;
        });
        return gone;
    }

    /** Those that live now. */
    synchronized Set<SessionId> live() {
        return leases.values().stream()
                .map(session -> session.terms().session())
                .collect(Collectors.toSet());
    }

    /** The live session of a dataset, or null. */
    synchronized @Nullable LiveSession live(DatasetId dataset) {
        return leases.get(dataset);
    }

    /** Tells every connection of every session. */
    void tellAll(MessageLite message) {
        List<LiveSession> all;
        synchronized (this) {
            all = List.copyOf(leases.values());
        }
        all.forEach(session -> session.sendAll(message));
    }
}
