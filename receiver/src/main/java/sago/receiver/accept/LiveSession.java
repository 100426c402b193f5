package sago.receiver.accept;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import sago.common.fault.FaultException;
import sago.common.id.Hash;
import sago.common.proto.DurablePack;
import sago.common.proto.PackDurable;
import sago.common.trust.SessionTerms;
import sago.receiver.serve.Client;
import sago.receiver.store.DurableAck;
import sago.receiver.store.OpenedSession;

/**
 * A session that has connections now. Acknowledgements go out over any of them, collected: what becomes durable in one group commit leaves in one frame.
 * Without a connection they are dropped, since the client asks for the state of its packs when it comes back. Thread-safe.
 */
final class LiveSession {
    /** Packs in one PACK_DURABLE: far below the bound of a message. */
    private static final int PACKS_PER_FRAME_MAX = 4096;

    private final SessionTerms terms;
    private final Hash clientSpki;
    private final ByteString attachToken;
    private final Set<Client> connections = new LinkedHashSet<>();
    private final List<DurablePack> acknowledged = new ArrayList<>();
    private long keepUntil = Long.MAX_VALUE;

    LiveSession(SessionTerms terms, Hash clientSpki, ByteString attachToken) {
        this.terms = terms;
        this.clientSpki = clientSpki;
        this.attachToken = attachToken;
    }

    SessionTerms terms() {
        return terms;
    }

    /** As the store knows it. */
    OpenedSession opened() {
        return new OpenedSession(
                terms.vault(), terms.dataset(), terms.session(), terms.geometry(), terms.headerSha256());
    }

    ByteString attachToken() {
        return attachToken;
    }

    /** Whether this client may join: the key is that of the client that opened, and the token is the one that it was given. */
    boolean admits(Hash spki, ByteString token) {
        return isOf(spki) && MessageDigest.isEqual(token.toByteArray(), attachToken.toByteArray());
    }

    boolean isOf(Hash spki) {
        return clientSpki.equals(spki);
    }

    synchronized int connections() {
        return connections.size();
    }

    synchronized void add(Client connection) {
        connections.add(connection);
    }

    /** Whether that was the last one. */
    synchronized boolean remove(Client connection) {
        return connections.remove(connection) && connections.isEmpty();
    }

    /** Notes a durable pack; {@link #flush} sends it. Returns whether it is the first since the last flush. */
    synchronized boolean acknowledge(DurableAck ack) {
        acknowledged.add(DurablePack.newBuilder()
                .setPack(ByteString.copyFrom(ack.pack().id().toBytes()))
                .setJournalSequence(ack.sequence())
                .build());
        // One promise for all that leave together: that of the oldest. 0 would say: until an order.
        keepUntil = Math.min(keepUntil, Math.max(1, ack.keepUntil()));
        return acknowledged.size() == 1;
    }

    /** Sends what was noted. */
    void flush() {
        while (true) {
            PackDurable message;
            synchronized (this) {
                if (acknowledged.isEmpty()) {
                    return;
                }
                List<DurablePack> some = acknowledged.subList(0, Math.min(acknowledged.size(), PACKS_PER_FRAME_MAX));
                message = PackDurable.newBuilder()
                        .addAllPacks(some)
                        .setKeepUntil(keepUntil)
                        .build();
                some.clear();
                keepUntil = acknowledged.isEmpty() ? Long.MAX_VALUE : keepUntil;
            }
            sendOnce(message);
        }
    }

    /** Whether no connection has heard of the client lately. */
    synchronized boolean isSilent() {
        return connections.stream().allMatch(Client::isSilent);
    }

    /** Ends every connection. */
    void end(FaultException why) {
        List<Client> all;
        synchronized (this) {
            all = List.copyOf(connections);
        }
        all.forEach(connection -> connection.fail(why));
    }

    /** Over one connection. */
    void sendOnce(MessageLite message) {
        Client one = anyConnection();
        if (one != null) {
            one.send(message);
        }
    }

    /** Over every connection. */
    void sendAll(MessageLite message) {
        List<Client> all;
        synchronized (this) {
            all = List.copyOf(connections);
        }
        all.forEach(connection -> connection.send(message));
    }

    /** One that takes what it was sent, if there is one. */
    private synchronized @Nullable Client anyConnection() {
        Client any = null;
        for (Client connection : connections) {
            any = connection;
            if (connection.isWritable()) {
                return connection;
            }
        }
        return any;
    }
}
