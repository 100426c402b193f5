package sago.sender.node;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.id.Hash;
import sago.common.id.PackId;
import sago.common.id.SessionId;
import sago.common.pack.PackEntry;
import sago.common.secret.SecretBytes;
import sago.common.trust.Receipts;
import sago.common.trust.SessionHeaders;
import sago.common.trust.StubTerms;
import sago.sender.backup.PackUse;
import sago.sender.catalog.PreparedManifest;
import sago.sender.catalog.RestoredPack;
import sago.sender.catalog.RestoredSnapshot;
import sago.sender.catalog.SessionRow;
import sago.sender.keys.SiteEndpoint;
import sago.sender.keys.Vault;
import sago.sender.keys.VaultDataset;
import sago.sender.pack.PackFetcher;
import sago.sender.pack.PackReader;
import sago.sender.proto.SnapshotBody;
import sago.sender.tree.TreeCacheWriter;
import sago.sender.tree.TreeRoot;
import sago.sender.upload.RestoreClient;

/**
 * Reads back from a site what home knew of a dataset there: catalog rows, chunk index, and the tree of the newest snapshot. Of each pack only
 * header and table are fetched, a few hundred KiB of 32 MiB.
 *
 * <p>Proven is: that senders of this vault signed every manifest, without a gap; that each session header was made for this vault and
 * dataset, and that its key opened what is read here; that each pack has the id and length that a manifest names, that a session which
 * that manifest names sealed it, and that its table was sealed with it. Not proven is what was not read: the packs' data, which the site may have
 * lost or damaged ({@code verify} has it hashed), the Merkle roots, which are taken from the signed manifests, and that a chunk has the id that the table
 * gives it, which its sender computed. That the site shows the newest manifest nobody can prove.
 *
 * <p>Used by one thread, which is the only one to use the vault meanwhile.
 */
public final class Rebuild {
    private final HomeNode node;
    private final Vault vault;
    private final SiteEndpoint endpoint;

    public Rebuild(HomeNode node, Vault vault, SiteEndpoint endpoint) {
        this.node = node;
        this.vault = vault;
        this.endpoint = endpoint;
    }

    /** Hears how it goes, on the calling thread. */
    public interface Progress {
        void packs(int done, int of, long bytesRead);

        void warning(String message);
    }

    /**
     * What was rebuilt.
     *
     * @param snapshots that have not expired
     * @param newest the newest snapshot, if there is any
     * @param lost packs that the newest manifest stands on and that the site does not hold
     * @param bytesRead of packs
     * @param keyringCounter the highest that a manifest names
     */
    public record Report(
            VaultDataset dataset,
            int snapshots,
            Optional<Newest> newest,
            int packs,
            int lost,
            long chunks,
            long bytesRead,
            long keyringCounter) {
        /** The snapshot with which the site's list ends. */
        public record Newest(String name, long sequence, SnapshotBody body) {}
    }

    /**
     * Rebuilds a dataset.
     *
     * @throws FaultException INTEGRITY or PEER_REFUSED where the site shows what home did not sign, or a fault of the connection; the
     *     catalog then says what it said before, or nothing, of the dataset at this site
     */
    public Report run(VaultDataset dataset, RebuildTarget target, Progress progress)
            throws IOException, InterruptedException {
        try (RestoreClient site = node.reader(endpoint, vault.restoreCredential())) {
            SiteChain chain =
                    SiteChain.fetch(site, new SiteChain.Signers(vault.id(), dataset.id(), vault.senderKeys()));
            // Only now: what is known of a site that does not answer stays.
            target.catalog().restore().forget(dataset.id(), endpoint.site());
            target.catalog().names().note(endpoint.site(), endpoint.name(), dataset.id(), dataset.name());
            if (chain.isEmpty()) {
                return new Report(dataset, 0, Optional.empty(), 0, 0, 0, 0, 0);
            }
            try (SecretBytes idKey = vault.idKey(dataset.id());
                    UnlockedPacks packs = new UnlockedPacks(vault, dataset.id(), chain, site)) {
                return new Run(dataset, target, progress, site, chain, packs).run(idKey);
            } catch (IOException e) {
                // Half of a chain is worse than none.
                target.catalog().restore().forget(dataset.id(), endpoint.site());
                throw e;
            }
        }
    }

    /** One dataset, with everything that it needs. */
    private final class Run {
        private final VaultDataset dataset;
        private final RebuildTarget target;
        private final Progress progress;
        private final RestoreClient site;
        private final SiteChain chain;
        private final UnlockedPacks packs;
        private final LongAdder bytesRead = new LongAdder();
        private final Map<Hash, SessionRow> sessions = new HashMap<>();
        private int done;
        private int lost;
        private long chunks;
        private long keyringCounter;

        Run(
                VaultDataset dataset,
                RebuildTarget target,
                Progress progress,
                RestoreClient site,
                SiteChain chain,
                UnlockedPacks packs) {
            this.dataset = dataset;
            this.target = target;
            this.progress = progress;
            this.site = site;
            this.chain = chain;
            this.packs = packs;
        }

        Report run(SecretBytes idKey) throws IOException, InterruptedException {
            Map<Long, List<PackEntry>> live = live();
            int of = live.values().stream().mapToInt(List::size).sum();
            PackFetcher counted = (pack, offset, into) -> {
                bytesRead.add(into.remaining());
                site.fetch(pack, offset, into);
            };
            SnapshotBody newest = SnapshotBody.getDefaultInstance();
            try (PackReader reader =
                            new PackReader(counted, packs, idKey, node.context().aead(), SnapshotReader.CACHE_BYTES);
                    PackTails tails = new PackTails(reader, ids(live))) {
                for (SiteChain.Link link : chain.links()) {
                    newest = snapshot(link, live.getOrDefault(link.sequence(), List.of()), tails, of);
                }
                writeTreeCache(reader, newest);
            }
            Report.Newest head =
                    new Report.Newest(chain.newest().name(), chain.newest().sequence(), newest);
            return new Report(
                    dataset, chain.live().size(), Optional.of(head), of, lost, chunks, bytesRead.sum(), keyringCounter);
        }

        /** The packs that the newest manifest stands on, by the sequence of the manifest that added them. */
        private Map<Long, List<PackEntry>> live() {
            Map<PackId, Long> sequences = new HashMap<>();
            for (SiteChain.Link link : chain.links()) {
                StubTerms terms = link.stub().terms();
                terms.dropped().forEach(sequences::remove);
                terms.added().forEach(entry -> sequences.put(entry.id(), terms.sequence()));
            }
            Map<Long, List<PackEntry>> live = new LinkedHashMap<>();
            for (SiteChain.Link link : chain.links()) {
                List<PackEntry> stay = new ArrayList<>();
                for (PackEntry entry : link.stub().terms().added()) {
                    if (sequences.getOrDefault(entry.id(), 0L) == link.sequence()) {
                        stay.add(entry);
                    }
                }
                live.put(link.sequence(), stay);
            }
            return live;
        }

        private Iterator<PackId> ids(Map<Long, List<PackEntry>> live) {
            return live.values().stream()
                    .flatMap(List::stream)
                    .map(PackEntry::id)
                    .iterator();
        }

        private SnapshotBody snapshot(SiteChain.Link link, List<PackEntry> stay, PackTails tails, int of)
                throws FaultException, InterruptedException {
            StubTerms terms = link.stub().terms();
            keyringCounter = Math.max(keyringCounter, terms.keyringCounter());
            List<SessionRow> named = sessions(terms);
            requireNamed(named, terms.session(), "snapshot " + link.name());
            SnapshotBody body = link.expired()
                    ? SnapshotBody.getDefaultInstance()
                    : packs.body(link, node.context().aead().aead());
            List<RestoredPack> present = new ArrayList<>();
            List<PackId> missing = new ArrayList<>();
            for (PackEntry entry : stay) {
                PackTails.Outcome outcome = tails.next();
                if (outcome.tail().isPresent()) {
                    SessionId session = outcome.tail().get().session();
                    requireNamed(named, session, "pack " + entry.id());
                    present.add(new RestoredPack(entry, session));
                    target.index().insert(outcome.tail().get().chunks());
                    chunks += outcome.tail().get().chunks().size();
                } else {
                    missing.add(entry.id());
                    progress.warning("pack " + entry.id() + " counts as absent: " + outcome.lost());
                }
                done++;
                progress.packs(done, of, bytesRead.sum());
            }
            lost += missing.size();
            PreparedManifest manifest = new PreparedManifest(
                    link.stored().stub(),
                    link.expired() ? ByteString.EMPTY : link.stored().body());
            target.catalog()
                    .restore()
                    .add(
                            endpoint.site(),
                            new RestoredSnapshot(manifest, body, receipt(link), named, present, missing),
                            node.context().clock().wallMs());
            return body;
        }

        private List<SessionRow> sessions(StubTerms terms) throws FaultException, InterruptedException {
            List<SessionRow> named = new ArrayList<>();
            for (Hash first : terms.sessionHeaders()) {
                SessionRow row = sessions.get(first);
                if (row == null) {
                    ByteString header = packs.header(first);
                    row = new SessionRow(SessionHeaders.read(header).session(), first, header);
                    sessions.put(first, row);
                }
                named.add(row);
            }
            return named;
        }

        private void requireNamed(List<SessionRow> named, SessionId session, String what) throws FaultException {
            if (named.stream().noneMatch(row -> row.session().equals(session))) {
                throw new FaultException(
                        Fault.INTEGRITY, what + " is of a session that its manifest does not name: " + session);
            }
        }

        /** A receipt only proves something against the site: without one the snapshot is as good. */
        private Optional<ByteString> receipt(SiteChain.Link link) {
            if (link.expired()) {
                return Optional.empty();
            }
            try {
                Receipts.verifyCommit(
                        link.stored().receipt(),
                        site.site(),
                        vault.id(),
                        dataset.id(),
                        link.stub().manifestHash());
                return Optional.of(link.stored().receipt());
            } catch (FaultException e) {
                progress.warning("the site shows no good receipt of snapshot " + link.name() + ": " + e.getMessage());
                return Optional.empty();
            }
        }

        private void writeTreeCache(PackReader reader, SnapshotBody newest) throws IOException, InterruptedException {
            PackUse use = new PackUse(target.catalog().uses(), dataset.id());
            try (TreeCacheWriter cache = new TreeCacheWriter(node.context().files(), target.treeCache())) {
                new TreeRebuild(reader, use).read(TreeRoot.of(newest.getRoot(), newest.getRootLevel()), cache);
                target.catalog()
                        .uses()
                        .restore(dataset.id(), endpoint.site(), chain.newest().sequence());
                cache.publish(chain.newest().stub().manifestHash(), newest.getStartedMs());
            } catch (FaultException e) {
                if (e.fault() != Fault.NOT_FOUND && e.fault() != Fault.INTEGRITY) {
                    throw e;
                }
                progress.warning(
                        "the tree of the newest snapshot cannot be read, so that the next backup reads every file: "
                                + e.getMessage());
            }
        }
    }
}
