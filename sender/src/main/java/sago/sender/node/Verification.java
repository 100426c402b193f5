package sago.sender.node;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import sago.common.fault.FaultException;
import sago.common.id.Hash;
import sago.common.id.PackId;
import sago.common.pack.PackEntry;
import sago.common.trust.Receipts;
import sago.sender.catalog.PreparedManifest;
import sago.sender.catalog.Snapshot;
import sago.sender.keys.SiteEndpoint;
import sago.sender.upload.AuditPage;
import sago.sender.upload.RestoreClient;

/**
 * Asks a site to prove what it holds of a dataset, without any key that opens data: every manifest is compared with what home signed and
 * with its catalog, every receipt is verified, and the site hashes every pack again; home compares the roots. That is what a sender can
 * do, so it makes no snapshot verified: {@link SnapshotCheck} does. Confined to one thread.
 */
public final class Verification {
    /** Packs that the site hashes for one answer. */
    private static final int PACKS_PER_PAGE = 16;

    private final HomeNode node;
    private final SiteEndpoint endpoint;
    private final RestoreClient site;
    private final SiteChain.Signers signers;
    private final List<String> findings = new ArrayList<>();
    private final List<PackId> lost = new ArrayList<>();

    /** @param signers the dataset, and whose manifests of it are believed */
    public Verification(HomeNode node, SiteEndpoint endpoint, RestoreClient site, SiteChain.Signers signers) {
        this.node = node;
        this.endpoint = endpoint;
        this.site = site;
        this.signers = signers;
    }

    /**
     * What was found.
     *
     * @param chain the snapshots that the site shows
     * @param packs that snapshots stand on, all of which were hashed again
     * @param findings one line for each thing that is wrong, empty where all is well
     * @param lost packs that the site does not hold as it promised
     * @param harmed manifests of the snapshots that stand on lost packs
     */
    public record Report(
            SiteChain chain,
            int packs,
            long bytes,
            int receipts,
            List<String> findings,
            List<PackId> lost,
            Set<Hash> harmed) {
        public Report {
            findings = List.copyOf(findings);
            lost = List.copyOf(lost);
            harmed = Set.copyOf(harmed);
        }

        public boolean isSound() {
            return findings.isEmpty();
        }

        /**
         * Whether nothing is wrong but with packs on which other snapshots than this one stand.
         *
         * @param name as users type it
         */
        public boolean isSound(String name) throws FaultException {
            return isSound(SnapshotNames.find(chain.links(), name).stub().manifestHash());
        }

        boolean isSound(Hash manifest) {
            boolean onlyPacks = findings.size() == lost.size() + harmed.size();
            return onlyPacks && !harmed.contains(manifest);
        }

        public int snapshots() {
            return chain.live().size();
        }
    }

    /** Hears of each pack that was hashed again. */
    @FunctionalInterface
    public interface Progress {
        void hashed(int packs, int ofPacks, long bytes);
    }

    public Report run(Progress progress) throws IOException, InterruptedException {
        SiteChain chain = SiteChain.fetch(site, signers);
        compareWithCatalog(chain);
        int receipts = verifyReceipts(chain);
        Map<PackId, PackEntry> expected = chain.livePacks();
        int packs = expected.size();
        long bytes = expected.values().stream().mapToLong(PackEntry::length).sum();
        hashAgain(expected, packs, progress);
        Set<Hash> harmed = lost.isEmpty() ? Set.of() : harmed(chain);
        Report report = new Report(chain, packs, bytes, receipts, findings, lost, harmed);
        if (report.isSound()) {
            new VerifyMarks(node.context())
                    .checked(
                            signers.dataset(),
                            endpoint.site(),
                            new VerifyMarks.SiteCheck(
                                    node.context().clock().wallMs(),
                                    chain.links().size(),
                                    packs,
                                    bytes));
        }
        return report;
    }

    /** What home saw committed must be there: a site that shows an older state is found out here. */
    private void compareWithCatalog(SiteChain chain) throws FaultException {
        if (!node.hasCatalog()) {
            return;
        }
        for (Snapshot snapshot : node.catalog().snapshots().list()) {
            if (!snapshot.dataset().equals(signers.dataset())
                    || !snapshot.site().equals(endpoint.site())) {
                continue;
            }
            boolean shown = snapshot.sequence() <= chain.links().size()
                    && chain.links()
                            .get((int) snapshot.sequence() - 1)
                            .stub()
                            .manifestHash()
                            .equals(snapshot.hash());
            if (!shown) {
                findings.add("snapshot " + snapshot.name() + " was committed there and the site does not show it");
            } else if (chain.links().get((int) snapshot.sequence() - 1).expired()
                    && !node.catalog().snapshots().isOrderedToExpire(endpoint.site(), snapshot.hash())) {
                findings.add("snapshot " + snapshot.name() + " has expired there, and this home has not ordered that");
            }
        }
    }

    private int verifyReceipts(SiteChain chain) throws FaultException {
        int good = 0;
        for (SiteChain.Link link : chain.live()) {
            try {
                Receipts.verifyCommit(
                        link.stored().receipt(),
                        site.site(),
                        endpoint.vault(),
                        signers.dataset(),
                        link.stub().manifestHash());
                compareReceipt(link);
                good++;
            } catch (FaultException e) {
                findings.add("receipt of snapshot " + link.name() + ": " + e.getMessage());
            }
        }
        return good;
    }

    /** The bytes that the site serves must be those that home sent. */
    private void compareReceipt(SiteChain.Link link) throws FaultException {
        if (!node.hasCatalog()) {
            return;
        }
        Optional<PreparedManifest> sent = node.catalog()
                .snapshots()
                .committed(endpoint.site(), link.stub().manifestHash());
        if (sent.isPresent()) {
            ByteString body = sent.get().sealedBody();
            if (!body.equals(link.stored().body())) {
                findings.add("snapshot " + link.name() + ": its sealed body was changed");
            }
        }
    }

    private void hashAgain(Map<PackId, PackEntry> expected, int packs, Progress progress)
            throws FaultException, InterruptedException {
        long bytes = 0;
        @Nullable PackId after = null;
        boolean more = true;
        while (more) {
            AuditPage page = site.audit(signers.dataset(), after, PACKS_PER_PAGE);
            for (AuditPage.Pack pack : page.packs()) {
                PackEntry entry = expected.remove(pack.id());
                if (entry != null) {
                    judge(entry, pack);
                    bytes += entry.length();
                }
                after = pack.id();
            }
            more = page.more();
            progress.hashed(packs - expected.size(), packs, bytes);
        }
        for (PackId missing : expected.keySet()) {
            lost.add(missing);
            findings.add("pack " + missing + " is gone");
        }
    }

    /** A finding for each snapshot that stands on lost packs. */
    private Set<Hash> harmed(SiteChain chain) {
        Set<Hash> harmed = new HashSet<>();
        for (SiteChain.Link link : chain.live()) {
            Set<PackId> packs = chain.packs(link.sequence());
            long missing = lost.stream().filter(packs::contains).count();
            if (missing > 0) {
                harmed.add(link.stub().manifestHash());
                findings.add("snapshot " + link.name() + " stands on " + missing + " of these packs, and cannot be"
                        + " restored whole" + (link.equals(chain.newest()) ? "" : ": `sago forget` ends it"));
            }
        }
        return harmed;
    }

    private void judge(PackEntry entry, AuditPage.Pack pack) {
        boolean equal = pack.sound()
                && pack.length() == entry.length()
                && pack.root().isPresent()
                && pack.root().get().equals(entry.root());
        if (!equal) {
            lost.add(pack.id());
            findings.add("pack " + pack.id()
                    + (pack.root().isEmpty() ? " cannot be read there" : " is not what was sent: its root differs"));
        }
    }
}
