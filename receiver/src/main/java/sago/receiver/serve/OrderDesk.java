package sago.receiver.serve;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import sago.common.id.DatasetId;
import sago.common.id.Hash;
import sago.common.limits.Limits;
import sago.common.proto.DeliverOrder;
import sago.common.proto.ListSessions;
import sago.common.proto.OrderDone;
import sago.common.proto.SessionHead;
import sago.common.proto.Sessions;
import sago.common.time.Clock;
import sago.common.trust.GrantedExpiry;
import sago.common.trust.OrderTerms;
import sago.common.trust.Orders;
import sago.common.trust.SiteTerms;
import sago.receiver.acknowledge.ReceiptSigner;
import sago.receiver.store.FollowedOrder;
import sago.receiver.store.SiteStore;
import sago.receiver.store.StoredSession;

/**
 * Serves those who administer a vault: which sessions are still sealed to an old key, and the orders of home. Who delivers an order matters little,
 * since a key of home signed it. Runs on store threads; thread-safe.
 */
public final class OrderDesk {
    private static final int MS_PER_SECOND = 1_000;

    private final SiteStore store;
    private final ReceiptSigner receipts;
    private final Clock clock;

    public OrderDesk(SiteStore store, ReceiptSigner receipts, Clock clock) {
        this.store = store;
        this.receipts = receipts;
        this.clock = clock;
    }

    /** One page of sessions, ascending by the hash of their first header. */
    public void list(ListSessions request, Scope scope, Client client) throws IOException {
        int max = Math.max(1, Math.min(request.getMax(), Limits.SESSION_HEADS_MAX));
        DatasetId dataset = DatasetId.of(CatalogDesk.exactly(request.getDataset(), DatasetId.BYTES, "dataset id"));
        scope.require(dataset);
        Optional<Hash> after = request.getAfter().isEmpty()
                ? Optional.empty()
                : Optional.of(Hash.of(CatalogDesk.exactly(request.getAfter(), Hash.BYTES, "hash")));
        List<StoredSession> found = store.sessionsBelow(dataset, request.getEpochBelow(), after, max + 1);
        Sessions.Builder page = Sessions.newBuilder().setMore(found.size() > max);
        for (StoredSession session : found.subList(0, Math.min(max, found.size()))) {
            page.addHeads(SessionHead.newBuilder()
                    .setSession(ByteString.copyFrom(session.session().toBytes()))
                    .setHeaderSha256(ByteString.copyFrom(session.headerSha256().toBytes()))
                    .setKeyEpoch(session.keyEpoch()));
        }
        client.send(page.build());
    }

    /** Verifies an order, carries it out, and answers with a receipt for it. */
    public void follow(DeliverOrder delivered, SiteTerms self, Scope scope, Client client) throws IOException {
        long nowSeconds = clock.wallMs() / MS_PER_SECOND;
        ByteString envelope = delivered.getOrder();
        FollowedOrder done;
        if (Orders.isExpiry(envelope)) {
            GrantedExpiry expiry = Orders.verifyExpiryAtSite(envelope, delivered.getExpiryGrant(), self, nowSeconds);
            scope.require(expiry.order().dataset());
            done = store.expire(expiry, Orders.hash(envelope));
        } else {
            OrderTerms order = Orders.verifyAtSite(envelope, self, nowSeconds);
            scope.require(order.dataset());
            done = store.follow(order, Orders.hash(envelope));
        }
        client.send(OrderDone.newBuilder().setReceipt(receipts.sign(done)).build());
    }
}
