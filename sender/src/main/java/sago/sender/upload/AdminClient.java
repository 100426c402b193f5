package sago.sender.upload;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.id.DatasetId;
import sago.common.id.Hash;
import sago.common.id.SessionId;
import sago.common.proto.DeliverOrder;
import sago.common.proto.FetchSession;
import sago.common.proto.ListSessions;
import sago.common.proto.OrderDone;
import sago.common.proto.SessionFound;
import sago.common.proto.SessionHead;
import sago.common.proto.Sessions;
import sago.common.protocol.FrameType;
import sago.common.protocol.MessageFrame;
import sago.common.trust.Orders;
import sago.common.trust.Receipts;
import sago.common.trust.SessionHeaders;

/**
 * Delivers orders to one site over one connection in role admin. A lost connection is the end of it: whoever orders begins anew, because
 * everything that is ordered may be ordered again. One thread.
 */
public final class AdminClient implements AutoCloseable {
    /** A site forces hundreds of files before it answers an order. */
    private static final long ANSWER_TIMEOUT_NS = TimeUnit.MINUTES.toNanos(5);

    private final SiteClient client;
    private final SiteClient.Ready ready;
    private final long connectSentBytes;
    private final long connectReceivedBytes;
    private long orderBytes;

    private AdminClient(SiteClient client, SiteClient.Ready ready) {
        this.client = client;
        this.ready = ready;
        this.connectSentBytes = client.sentBytes();
        this.connectReceivedBytes = client.receivedBytes();
    }

    /** Connects once: SITE_UNREACHABLE where that fails. */
    public static AdminClient open(SiteClient client) throws FaultException, InterruptedException {
        CompletableFuture<SiteClient.Ready> made =
                client.connect(CompletableFuture::completedStage).toCompletableFuture();
        try {
            return new AdminClient(client, await(made));
        } catch (InterruptedException e) {
            CompletableFuture<Void> unused = made.thenAccept(ready -> close(ready.connection()));
            throw e;
        }
    }

    /**
     * Sessions of a dataset whose newest header is of an older epoch, in an order of the site's.
     *
     * @param max of them at most; there are no others where fewer are answered
     */
    public List<SessionPlace> sessionsBelow(DatasetId dataset, int epoch, int max)
            throws FaultException, InterruptedException {
        ListSessions request = ListSessions.newBuilder()
                .setDataset(ByteString.copyFrom(dataset.toBytes()))
                .setEpochBelow(epoch)
                .setMax(max)
                .build();
        Sessions page = ask(request, FrameType.SESSIONS).as(Sessions.class);
        List<SessionPlace> sessions = new ArrayList<>();
        Set<SessionId> known = new HashSet<>();
        for (SessionHead row : page.getHeadsList()) {
            boolean sized = row.getSession().size() == SessionId.BYTES
                    && row.getHeaderSha256().size() == Hash.BYTES;
            if (!sized || row.getKeyEpoch() < 1 || row.getKeyEpoch() >= epoch) {
                throw new FaultException(
                        Fault.PROTOCOL, client.label() + " lists a session without its header, or of another epoch");
            }
            SessionPlace place = new SessionPlace(
                    SessionId.of(row.getSession().toByteArray()),
                    Hash.of(row.getHeaderSha256().toByteArray()),
                    row.getKeyEpoch());
            if (!known.add(place.session())) {
                throw new FaultException(Fault.PROTOCOL, client.label() + " lists a session twice");
            }
            sessions.add(place);
        }
        if (sessions.size() > max || (sessions.isEmpty() && page.getMore())) {
            throw new FaultException(
                    Fault.PROTOCOL, client.label() + " lists " + sessions.size() + " sessions of " + max);
        }
        return sessions;
    }

    /** The newest header of the session whose first header has this hash; NOT_FOUND if the site has none. */
    public ByteString session(Hash firstHeader) throws FaultException, InterruptedException {
        FetchSession request = FetchSession.newBuilder()
                .setHeaderSha256(ByteString.copyFrom(firstHeader.toBytes()))
                .build();
        ByteString header =
                ask(request, FrameType.SESSION_FOUND).as(SessionFound.class).getSessionHeader();
        if (!SessionHeaders.belongsTo(header, firstHeader)) {
            throw new FaultException(
                    Fault.INTEGRITY, client.label() + " gave another session header than was asked for");
        }
        return header;
    }

    /** Returns when the site has carried the order out and signed that: its receipt is verified. */
    public void deliver(DatasetId dataset, ByteString order) throws FaultException, InterruptedException {
        ByteString unused = deliver(dataset, order, ByteString.EMPTY);
    }

    /**
     * The same for an expire order, with the SignedEnvelope of its grant.
     *
     * @return the receipt
     */
    public ByteString deliver(DatasetId dataset, ByteString order, ByteString expiryGrant)
            throws FaultException, InterruptedException {
        DeliverOrder message = DeliverOrder.newBuilder()
                .setOrder(order)
                .setExpiryGrant(expiryGrant)
                .build();
        OrderDone done = ask(message, FrameType.ORDER_DONE).as(OrderDone.class);
        orderBytes += order.size() + expiryGrant.size() + done.getReceipt().size();
        Receipts.verifyOrder(
                done.getReceipt(), ready.identity(), client.endpoint().vault(), dataset, Orders.hash(order));
        return done.getReceipt();
    }

    /** Bytes that this connection has carried to the site since it was made, TLS included. */
    public long sentBytes() {
        return client.sentBytes() - connectSentBytes;
    }

    /** The same of bytes from the site. */
    public long receivedBytes() {
        return client.receivedBytes() - connectReceivedBytes;
    }

    /** Of these, what orders and their receipts are, signatures included. */
    public long orderBytes() {
        return orderBytes;
    }

    /** Both, for making the connection: TLS, identities, grants and the keyring if the site had an older one. */
    public long connectBytes() {
        return connectSentBytes + connectReceivedBytes;
    }

    private MessageFrame ask(MessageLite request, FrameType answer) throws FaultException, InterruptedException {
        return await(ready.connection().request(request, Set.of(answer), ANSWER_TIMEOUT_NS));
    }

    private static <T> T await(CompletableFuture<T> answer) throws FaultException, InterruptedException {
        try {
            return answer.get();
        } catch (ExecutionException e) {
            throw Faults.again(Faults.of(e));
        }
    }

    private static void close(SiteConnection connection) {
        connection.close(new FaultException(Fault.INTERRUPTED, "the connection was closed at this end"));
    }

    @Override
    public void close() {
        close(ready.connection());
    }
}
