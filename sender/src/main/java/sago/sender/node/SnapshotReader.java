package sago.sender.node;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.id.Hash;
import sago.common.secret.SecretBytes;
import sago.sender.keys.SiteEndpoint;
import sago.sender.keys.Vault;
import sago.sender.keys.VaultDataset;
import sago.sender.pack.ChunkSource;
import sago.sender.pack.PackReader;
import sago.sender.proto.SnapshotBody;
import sago.sender.tree.TreeRoot;
import sago.sender.upload.RestoreClient;

/**
 * A snapshot at a site, opened with the vault: everything that {@code ls}, {@code restore} and {@code verify --read-data} read. Needs
 * nothing of {@code sender/} but the site's address, which the vault knows too. The caller keeps the vault open until this is closed.
 */
public final class SnapshotReader implements AutoCloseable {
    /** Opened segments that are kept: enough for every worker to go through a pack of its own. */
    static final long CACHE_BYTES = 48L << 20;

    private final RestoreClient site;
    private final SecretBytes idKey;
    private final UnlockedPacks packs;
    private final PackReader reader;
    private final VaultDataset dataset;
    private final SiteEndpoint endpoint;
    private final SiteChain.Link link;
    private final SnapshotBody body;

    /**
     * Which snapshot.
     *
     * @param snapshot {@code latest} or the first digits of its name
     * @param dataset where there are several
     * @param site where there are several
     */
    public record Query(String snapshot, Optional<String> dataset, Optional<String> site) {}

    private record Found(VaultDataset dataset, SiteChain chain, SiteChain.Link link) {}

    /**
     * Finds and opens a snapshot.
     *
     * @throws FaultException NOT_FOUND, USAGE where the question is open, INTEGRITY where something is not what home signed
     */
    public static SnapshotReader open(HomeNode node, Vault vault, Query query)
            throws IOException, InterruptedException {
        String name = SnapshotNames.require(query.snapshot());
        List<VaultDataset> candidates = datasets(vault, query.dataset());
        if (SnapshotNames.isLatest(name) && candidates.size() > 1) {
            throw new FaultException(
                    Fault.USAGE,
                    "there are several datasets: name one with --dataset ("
                            + String.join(
                                    ", ",
                                    candidates.stream().map(VaultDataset::name).toList()) + ")");
        }
        SiteEndpoint endpoint = HomeNode.choose(vault.sites(), query.site());
        RestoreClient site = node.reader(endpoint, vault.restoreCredential());
        try {
            return new SnapshotReader(node, vault, endpoint, site, find(site, vault, candidates, name));
        } catch (IOException | InterruptedException | RuntimeException e) {
            site.close();
            throw e;
        }
    }

    /**
     * A dataset at a site whose manifests were fetched and verified already.
     *
     * @param chain verified under keys of this vault's senders
     */
    public record Place(SiteEndpoint site, VaultDataset dataset, SiteChain chain) {}

    /** Finds and opens a snapshot among those of a chain. */
    public static SnapshotReader open(HomeNode node, Vault vault, Place place, String snapshot)
            throws IOException, InterruptedException {
        SiteChain.Link link = SnapshotNames.find(place.chain().links(), SnapshotNames.require(snapshot));
        RestoreClient site = node.reader(place.site(), vault.restoreCredential());
        try {
            Found found = new Found(place.dataset(), place.chain(), link);
            return new SnapshotReader(node, vault, place.site(), site, found);
        } catch (IOException | InterruptedException | RuntimeException e) {
            site.close();
            throw e;
        }
    }

    private static List<VaultDataset> datasets(Vault vault, Optional<String> name) throws FaultException {
        List<VaultDataset> datasets = vault.datasets().stream()
                .filter(dataset -> name.isEmpty() || name.get().equals(dataset.name()))
                .toList();
        if (datasets.isEmpty()) {
            throw new FaultException(
                    Fault.NOT_FOUND,
                    name.map(wanted -> "no dataset is named " + wanted + ": `sago snapshots` shows what there is")
                            .orElse("there is no snapshot yet: `sago backup` makes one"));
        }
        return datasets;
    }

    private static Found find(RestoreClient site, Vault vault, List<VaultDataset> candidates, String name)
            throws FaultException, InterruptedException {
        List<Found> found = new ArrayList<>();
        FaultException missing = null;
        for (VaultDataset dataset : candidates) {
            SiteChain chain =
                    SiteChain.fetch(site, new SiteChain.Signers(vault.id(), dataset.id(), vault.senderKeys()));
            try {
                found.add(new Found(dataset, chain, SnapshotNames.find(chain.links(), name)));
            } catch (FaultException e) {
                if (e.fault() != Fault.NOT_FOUND) {
                    throw e;
                }
                missing = e;
            }
        }
        if (found.size() > 1) {
            throw new FaultException(Fault.USAGE, "several snapshots begin with " + name + ": type more digits");
        }
        if (found.isEmpty()) {
            throw missing == null ? new FaultException(Fault.NOT_FOUND, "no snapshot " + name) : missing;
        }
        return found.get(0);
    }

    private SnapshotReader(HomeNode node, Vault vault, SiteEndpoint endpoint, RestoreClient site, Found found)
            throws FaultException, InterruptedException {
        this.site = site;
        this.endpoint = endpoint;
        this.dataset = found.dataset();
        this.link = found.link();
        this.packs = new UnlockedPacks(vault, dataset.id(), found.chain(), site);
        this.body = packs.body(link, node.context().aead().aead());
        this.idKey = vault.idKey(dataset.id());
        this.reader = new PackReader(site, packs, idKey, node.context().aead(), CACHE_BYTES);
    }

    public VaultDataset dataset() {
        return dataset;
    }

    public SiteEndpoint endpoint() {
        return endpoint;
    }

    /** The name that users see and type. */
    public String name() {
        return link.name();
    }

    public long sequence() {
        return link.sequence();
    }

    /** Hash of its manifest. */
    public Hash manifest() {
        return link.stub().manifestHash();
    }

    public SnapshotBody body() {
        return body;
    }

    public TreeRoot root() throws FaultException {
        return TreeRoot.of(body.getRoot(), body.getRootLevel());
    }

    /** Reads its chunks; lives as long as this. */
    public ChunkSource chunks() {
        return reader;
    }

    @Override
    public void close() {
        reader.close();
        packs.close();
        idKey.close();
        site.close();
    }
}
