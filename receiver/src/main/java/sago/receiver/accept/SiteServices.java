package sago.receiver.accept;

import io.netty.buffer.ByteBufAllocator;
import java.security.SecureRandom;
import java.util.Set;
import java.util.concurrent.Executor;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.time.Clock;
import sago.common.trust.DatasetTerms;
import sago.common.trust.SessionTerms;
import sago.receiver.acknowledge.ReceiptSigner;
import sago.receiver.serve.AuditDesk;
import sago.receiver.serve.CatalogDesk;
import sago.receiver.serve.OrderDesk;
import sago.receiver.serve.ReadBudget;
import sago.receiver.serve.ReadDesk;
import sago.receiver.store.SiteStore;

/**
 * What all connections of a site share. Immutable.
 *
 * @param storeThreads run everything that waits for a disk or computes for long
 * @param connections those that are open now; a concurrent set
 */
record SiteServices(
        SiteServer.Profile profile,
        Doorkeeper doorkeeper,
        SiteStore store,
        ReceiptSigner receipts,
        SessionBook sessions,
        CreditPool credit,
        SpaceWatch space,
        HandshakeGate gate,
        Readers readers,
        Executor storeThreads,
        SiteMeters meters,
        ByteBufAllocator allocator,
        Set<Connection> connections,
        Clock clock,
        SecureRandom random) {

    /** Packs that the session before this one left incomplete are given up; returns the bytes that were held of them. */
    long abandonOthers(SessionTerms terms) {
        return sessions.replacedBy(terms).map(store::abandon).orElse(0L);
    }

    /** Ends whatever rests on an older grant of this dataset: it was replaced. Its lease is free when this returns. */
    void endOlder(DatasetTerms newest) {
        sessions.revokeOlder(newest.dataset(), newest.sequence());
        FaultException replaced = new FaultException(
                Fault.PEER_REFUSED,
                "the dataset grant of this sender was replaced by " + newest.sequence() + "; use the newest");
        connections.forEach(connection -> connection.endIfOlder(newest, replaced));
    }

    ReadDesk.Means readMeans() {
        return new ReadDesk.Means(store, storeThreads, readers.budget(), allocator, meters::served);
    }

    /** Those who answer restore, audit and admin. */
    record Readers(ReadBudget budget, CatalogDesk catalog, AuditDesk audit, OrderDesk orders) {}
}
