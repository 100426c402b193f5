package sago.receiver.store;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.id.Hash;
import sago.common.sign.Hashes;
import sago.common.trust.ExpireTerms;
import sago.common.trust.GrantedExpiry;
import sago.common.trust.OrderTerms;
import sago.common.trust.ResealTerms;
import sago.common.trust.RetireTerms;
import sago.common.trust.SessionHeaderTerms;
import sago.common.trust.SessionHeaders;
import sago.receiver.journal.JournalPosition;
import sago.receiver.journal.RecordType;
import sago.receiver.proto.OrderRecord;
import sago.receiver.proto.ResealedHeader;

/**
 * Carries out orders of home, one at a time, each once: the journal record is what makes an order done. What an order brings is durable before
 * its record; what it destroys goes after it, and at the next start if a crash comes between. Thread-safe by its monitor.
 */
final class Orders {
    private static final int PAGE = 1_000;

    private final StoreContext context;
    private final HeaderFiles headers;
    private final Sessions sessions;
    private final Expiry expiry;

    Orders(StoreContext context, HeaderFiles headers, Sessions sessions, Expiry expiry) {
        this.context = context;
        this.headers = headers;
        this.sessions = sessions;
        this.expiry = expiry;
    }

    /**
     * Carries out a verified order; waits until it is done. The last order again is answered again.
     *
     * @param hash names the order
     */
    synchronized FollowedOrder follow(OrderTerms terms, Hash hash) throws IOException {
        context.health().check();
        expiry.complete();
        Optional<FollowedOrder> again = doneBefore(terms, hash);
        // Java 17 has no pattern switch; the interface is sealed.
        if (terms instanceof ResealTerms reseal) {
            return again.isPresent() ? again.get() : reseal(reseal, hash);
        }
        if (terms instanceof RetireTerms retire) {
            FollowedOrder done = again.isPresent() ? again.get() : retire(retire, hash);
            headers.deleteBelow(retire.dataset(), retire.keyEpoch());
            return done;
        }
        throw new IllegalArgumentException("an expire order comes with its grant");
    }

    /**
     * Carries out a verified expire order; waits until it is done. The last order again is answered again.
     *
     * @param hash names the order
     */
    synchronized FollowedOrder expire(GrantedExpiry granted, Hash hash) throws IOException {
        context.health().check();
        expiry.complete();
        expiry.requireNewest(granted.grant());
        ExpireTerms terms = granted.order();
        Optional<FollowedOrder> again = doneBefore(terms, hash);
        return again.isPresent()
                ? again.get()
                : expiry.expire(granted, record(terms, hash), record -> journal(terms, hash, record));
    }

    /** The last order, if it is this one. PEER_REFUSED where it is not and came later. */
    private Optional<FollowedOrder> doneBefore(OrderTerms terms, Hash hash) throws IOException {
        Optional<FollowedOrder> last = context.state().lastOrder(terms.vault());
        if (last.isPresent() && last.get().order().equals(hash)) {
            return last;
        }
        if (last.isPresent() && terms.sequence() <= last.get().sequence()) {
            throw new FaultException(
                    Fault.PEER_REFUSED,
                    "order " + terms.sequence() + " comes after order "
                            + last.get().sequence() + ", which this site has carried out: let home issue it anew");
        }
        return Optional.empty();
    }

    private FollowedOrder reseal(ResealTerms terms, Hash hash) throws IOException {
        OrderRecord.Builder record = record(terms, hash);
        Map<HeaderFiles.Name, ByteString> fresh = new LinkedHashMap<>();
        for (ByteString bytes : terms.headers()) {
            SessionHeaderTerms header = SessionHeaders.read(bytes);
            requireReplaces(header);
            fresh.put(new HeaderFiles.Name(header.replaces(), header.keyEpoch()), bytes);
            record.addResealed(ResealedHeader.newBuilder()
                    .setOriginalSha256(ByteString.copyFrom(header.replaces().toBytes()))
                    .setHeaderSha256(ByteString.copyFrom(Hashes.sha256(bytes).toBytes()))
                    .setKeyEpoch(header.keyEpoch()));
        }
        headers.write(terms.dataset(), fresh);
        return journal(terms, hash, record);
    }

    private void requireReplaces(SessionHeaderTerms header) throws IOException {
        SessionRow known = context.state()
                .sessionOfHeader(header.replaces())
                .orElseThrow(() -> StoreFaults.protocol(
                        "the order replaces session header " + header.replaces() + ", which is not here"));
        OpenedSession opened = known.opened();
        if (!opened.session().equals(header.session())
                || !opened.dataset().equals(header.dataset())
                || !opened.vault().equals(header.vault())) {
            throw StoreFaults.protocol("the order replaces session header " + header.replaces()
                    + " by one of another session, dataset or vault");
        }
        if (header.keyEpoch() <= known.keyEpoch()) {
            throw StoreFaults.protocol("the order replaces session header " + header.replaces() + " of key epoch "
                    + known.keyEpoch() + " by one of epoch " + header.keyEpoch());
        }
    }

    /** No session may be opened between the question and the record. */
    private FollowedOrder retire(RetireTerms terms, Hash hash) throws IOException {
        synchronized (sessions) {
            List<StoredSession> old = sessions.below(terms.dataset(), terms.keyEpoch(), Optional.empty(), PAGE);
            if (!old.isEmpty()) {
                throw new FaultException(
                        Fault.PEER_REFUSED,
                        "nothing was deleted: " + (old.size() == PAGE ? "at least " : "") + old.size()
                                + " sessions of this dataset have no header of key epoch " + terms.keyEpoch()
                                + " here yet; re-seal them first");
            }
            requireSound(terms);
            return journal(terms, hash, record(terms, hash).setRetiredBelow(terms.keyEpoch()));
        }
    }

    /** An older header may be the only one that still opens what a damaged newer one should: INTEGRITY, nothing goes. */
    private void requireSound(RetireTerms terms) throws IOException {
        Optional<Hash> after = Optional.empty();
        while (true) {
            List<SessionRow> page = context.state().sessionsBelow(terms.dataset(), Integer.MAX_VALUE, after, PAGE);
            for (SessionRow session : page) {
                headers.read(session);
            }
            if (page.size() < PAGE) {
                return;
            }
            after = Optional.of(page.get(PAGE - 1).opened().headerSha256());
        }
    }

    private OrderRecord.Builder record(OrderTerms terms, Hash hash) {
        return OrderRecord.newBuilder()
                .setVault(ByteString.copyFrom(terms.vault().toBytes()))
                .setSequence(terms.sequence())
                .setOrderSha256(ByteString.copyFrom(hash.toBytes()))
                .setDataset(ByteString.copyFrom(terms.dataset().toBytes()))
                .setTimeMs(context.clock().wallMs());
    }

    private FollowedOrder journal(OrderTerms terms, Hash hash, OrderRecord.Builder record) throws IOException {
        JournalPosition position = Commits.await(
                context.journal().append(RecordType.ORDER, record.build().toByteString()));
        return new FollowedOrder(terms.vault(), terms.dataset(), terms.sequence(), hash, position, record.getTimeMs());
    }
}
