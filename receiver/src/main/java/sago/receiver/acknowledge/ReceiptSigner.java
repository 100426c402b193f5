package sago.receiver.acknowledge;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.List;
import sago.common.id.Hash;
import sago.common.id.SiteId;
import sago.common.merkle.MerkleHasher;
import sago.common.sign.SigningKey;
import sago.common.time.Clock;
import sago.common.trust.ReceiptTerms;
import sago.common.trust.Receipts;
import sago.receiver.journal.JournalPosition;
import sago.receiver.store.CommittedManifest;
import sago.receiver.store.FollowedOrder;
import sago.receiver.store.StoredPack;

/**
 * Signs receipts of a site. Receipts are not stored: everything in them is in the journal, so that the receipt of a commit is signed anew each
 * time that it is asked for, with the same terms. Immutable; any thread.
 */
public final class ReceiptSigner {
    private static final long MS_PER_SECOND = 1000;

    private final SiteId site;
    private final SigningKey key;
    private final Clock clock;

    /** @param key of role {@code site}; borrowed */
    public ReceiptSigner(SiteId site, SigningKey key, Clock clock) {
        this.site = site;
        this.key = key;
        this.clock = clock;
    }

    /** SignedEnvelope of a receipt for a commit: all packs of the manifest's set are durable here, until an order. */
    public ByteString sign(CommittedManifest commit) {
        JournalPosition position = commit.position();
        return Receipts.sign(
                key,
                new ReceiptTerms(
                        commit.vault(),
                        site,
                        commit.dataset(),
                        position.sequence(),
                        position.sequence(),
                        position.chain(),
                        0,
                        new MerkleHasher().rootOfEntries(List.of()),
                        commit.manifest(),
                        commit.timeMs() / MS_PER_SECOND,
                        0,
                        null));
    }

    /** SignedEnvelope of a receipt for an order: what it says is durable here. */
    public ByteString sign(FollowedOrder order) {
        JournalPosition position = order.position();
        return Receipts.sign(
                key,
                new ReceiptTerms(
                        order.vault(),
                        site,
                        order.dataset(),
                        position.sequence(),
                        position.sequence(),
                        position.chain(),
                        0,
                        new MerkleHasher().rootOfEntries(List.of()),
                        null,
                        order.timeMs() / MS_PER_SECOND,
                        0,
                        order.order()));
    }

    /** A receipt for packs of one vault and dataset, in journal order. */
    IssuedReceipt sign(List<StoredPack> packs) {
        StoredPack first = packs.get(0);
        StoredPack last = packs.get(packs.size() - 1);
        List<byte[]> entries = new ArrayList<>(packs.size());
        packs.forEach(pack -> entries.add(pack.pack().toBytes()));
        Hash root = new MerkleHasher().rootOfEntries(entries);
        ByteString receipt = Receipts.sign(
                key,
                new ReceiptTerms(
                        first.vault(),
                        site,
                        first.dataset(),
                        first.position().sequence(),
                        last.position().sequence(),
                        last.position().chain(),
                        packs.size(),
                        root,
                        null,
                        clock.wallMs() / MS_PER_SECOND,
                        packs.stream().mapToLong(StoredPack::keepUntil).min().orElseThrow(),
                        null));
        return new IssuedReceipt(
                first.dataset(),
                receipt,
                packs.stream().map(pack -> pack.pack().id()).toList());
    }
}
