package sago.sender.node;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.id.DatasetId;
import sago.common.id.Hash;
import sago.common.id.PackId;
import sago.common.id.VaultId;
import sago.common.pack.PackEntry;
import sago.common.sign.VerifyingKey;
import sago.common.trust.ManifestStubs;
import sago.common.trust.VerifiedStub;
import sago.sender.upload.RestoreClient;
import sago.sender.upload.SnapshotHead;
import sago.sender.upload.StoredManifest;

/**
 * The manifests of a dataset as a site shows them, each verified: signed by a sender of this vault, and each naming the hash of the one
 * before, from the first to the last. What a site cannot do unseen is change or leave out one in the middle; that it hides the newest
 * ones only the catalog tells. Immutable; any thread.
 */
public final class SiteChain {
    private final List<Link> links;

    private SiteChain(List<Link> links) {
        this.links = List.copyOf(links);
    }

    /**
     * One manifest: verified stub, and what the site keeps beside it.
     *
     * @param expired the site says that it was ordered to keep nothing but the stub
     * @param committedMs wall clock of the site at the commit
     */
    public record Link(VerifiedStub stub, StoredManifest stored, boolean expired, long committedMs) {
        /** The name that users see and type. */
        public String name() {
            return stub.manifestHash().toString().substring(0, SnapshotNames.DIGITS);
        }

        public long sequence() {
            return stub.terms().sequence();
        }
    }

    /** Who signs manifests of a dataset. */
    public record Signers(VaultId vault, DatasetId dataset, List<VerifyingKey> keys) {
        public Signers {
            keys = List.copyOf(keys);
        }
    }

    /**
     * Fetches and verifies the manifests of a dataset.
     *
     * @throws FaultException INTEGRITY or PEER_REFUSED where the chain is not what home signed
     */
    public static SiteChain fetch(RestoreClient site, Signers signers) throws FaultException, InterruptedException {
        List<Link> links = new ArrayList<>();
        Hash previous = Hash.ZERO;
        for (SnapshotHead head : site.manifests(signers.dataset(), 1)) {
            StoredManifest stored = site.manifest(signers.dataset(), head.sequence());
            VerifiedStub stub = verify(stored.stub(), signers);
            if (stub.terms().sequence() != links.size() + 1
                    || !stub.terms().previous().equals(previous)
                    || !stub.manifestHash().equals(head.manifest())) {
                throw new FaultException(
                        Fault.INTEGRITY,
                        "the site's list of snapshots has a gap or a wrong one at number " + (links.size() + 1)
                                + ": it lost or changed manifests");
            }
            previous = stub.manifestHash();
            links.add(new Link(stub, stored, head.expired(), head.timeMs()));
        }
        if (!links.isEmpty() && links.get(links.size() - 1).expired()) {
            throw new FaultException(
                    Fault.INTEGRITY, "the site says that the newest snapshot has expired, which nobody can order");
        }
        return new SiteChain(links);
    }

    /** PEER_REFUSED unless one of the signers signed it. */
    static VerifiedStub verify(ByteString envelope, Signers signers) throws FaultException {
        FaultException refused = new FaultException(Fault.PEER_REFUSED, "no sender of this vault is known");
        for (VerifyingKey key : signers.keys()) {
            try {
                return ManifestStubs.verify(envelope, key, signers.vault(), signers.dataset());
            } catch (FaultException e) {
                refused = e;
                if (e.fault() != Fault.PEER_REFUSED) {
                    throw e;
                }
            }
        }
        throw refused;
    }

    /** First to last, those that have expired too. */
    public List<Link> links() {
        return links;
    }

    /** First to last without those that have expired. */
    public List<Link> live() {
        return links.stream().filter(link -> !link.expired()).toList();
    }

    public boolean isEmpty() {
        return links.isEmpty();
    }

    /** The newest; there must be one. */
    public Link newest() {
        return links.get(links.size() - 1);
    }

    /** What a stub of this chain says of a pack, the newest first; NOT_FOUND if none names it. */
    PackEntry pack(PackId id) throws FaultException {
        for (int i = links.size() - 1; i >= 0; i--) {
            var entry = links.get(i).stub().terms().added().find(id);
            if (entry.isPresent()) {
                return entry.get();
            }
        }
        throw new FaultException(Fault.NOT_FOUND, "no signed manifest names pack " + id);
    }

    /** The packs that the snapshot of a sequence stands on: whatever was added up to it and not dropped since. */
    Set<PackId> packs(long sequence) {
        Set<PackId> packs = new HashSet<>();
        for (Link link : links.subList(0, Math.toIntExact(sequence))) {
            link.stub().terms().dropped().forEach(packs::remove);
            link.stub().terms().added().forEach(entry -> packs.add(entry.id()));
        }
        return packs;
    }

    /** The packs that at least one snapshot of these sequences stands on. */
    Map<PackId, PackEntry> packs(NavigableSet<Long> sequences) {
        Map<PackId, Since> open = new HashMap<>();
        Map<PackId, PackEntry> named = new HashMap<>();
        for (Link link : links) {
            link.stub().terms().dropped().forEach(pack -> {
                Since since = open.remove(pack);
                if (since != null && isBetween(sequences, since.sequence, link.sequence())) {
                    named.put(pack, since.entry);
                }
            });
            link.stub()
                    .terms()
                    .added()
                    .forEach(entry -> open.putIfAbsent(entry.id(), new Since(entry, link.sequence())));
        }
        open.forEach((pack, since) -> {
            if (isBetween(sequences, since.sequence, Long.MAX_VALUE)) {
                named.put(pack, since.entry);
            }
        });
        return named;
    }

    /** A pack and the manifest that added it. */
    private record Since(PackEntry entry, long sequence) {}

    /** The packs that snapshots stand on which have not expired. */
    Map<PackId, PackEntry> livePacks() {
        NavigableSet<Long> sequences = new TreeSet<>();
        live().forEach(link -> sequences.add(link.sequence()));
        return packs(sequences);
    }

    private static boolean isBetween(NavigableSet<Long> sequences, long from, long before) {
        Long first = sequences.ceiling(from);
        return first != null && first < before;
    }
}
