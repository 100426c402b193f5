package sago.sender.node;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import sago.common.durable.DurableFiles;
import sago.common.durable.FileAccess;
import sago.common.fault.Advice;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.sender.catalog.Catalog;
import sago.sender.index.ChunkIndex;
import sago.sender.index.IndexBounds;
import sago.sender.index.SegmentIndex;
import sago.sender.keys.SiteEndpoint;
import sago.sender.keys.Vault;
import sago.sender.keys.VaultDataset;

/**
 * Makes catalog, index and tree cache of datasets anew from their sites, in this home or in a folder for a sender elsewhere. What was read
 * is added to the index that is there; a fresh catalog takes the place of the old one when it is complete, so that a crash before leaves
 * files that fit (an index only hints, and a tree is only believed as far as the catalog goes). Confined to one thread, which holds the lock of the home.
 */
public final class StateRebuild {
    private final HomeNode node;
    private final Vault vault;
    private final DurableFiles files;
    private final Rebuild.Progress progress;

    public StateRebuild(HomeNode node, Vault vault, Rebuild.Progress progress) {
        this.node = node;
        this.vault = vault;
        this.files = node.context().files();
        this.progress = progress;
    }

    /** What was read back from where. */
    public record Part(SiteEndpoint site, Rebuild.Report report) {}

    /**
     * What is to be rebuilt.
     *
     * @param wanted rebuilt in any case
     * @param all rebuilt where the catalog is lost or damaged: it is one file for all of them
     * @param first the site that must answer and that the index names; others are asked too
     */
    public record Plan(List<VaultDataset> wanted, List<VaultDataset> all, SiteEndpoint first) {
        public Plan {
            wanted = List.copyOf(wanted);
            all = List.copyOf(all);
        }
    }

    /** Rebuilds this home's own state; the node's catalog must not have been opened yet. */
    public List<Part> intoHome(Plan plan) throws IOException, InterruptedException {
        StateFiles state = node.state();
        FreshDatabase catalog = new FreshDatabase(files, state.catalog());
        Path fresh = catalog.begin();
        boolean whole = files.exists(state.catalog()) && copied(state.catalog(), fresh);
        if (!whole) {
            catalog.begin();
        }
        List<Part> parts = fill(state, fresh, whole ? plan.wanted() : plan.all(), plan.first());
        catalog.publish(!whole);
        return parts;
    }

    /** Writes the state of a dataset into a folder, for a sender elsewhere. */
    public List<Part> intoFolder(VaultDataset dataset, SiteEndpoint first, Path folder)
            throws IOException, InterruptedException {
        StateFiles state = new StateFiles(folder);
        files.createFolders(folder, FileAccess.PRIVATE);
        if (files.exists(state.catalog())) {
            throw new FaultException(
                    Fault.USAGE, folder + " holds the state of a sender already: choose another folder with --out");
        }
        FreshDatabase catalog = new FreshDatabase(files, state.catalog());
        List<Part> parts = fill(state, catalog.begin(), List.of(dataset), first);
        catalog.publish(false);
        return parts;
    }

    private boolean copied(Path from, Path to) throws FaultException {
        try {
            Catalog.copy(from, to);
            return true;
        } catch (FaultException e) {
            if (e.fault() != Fault.INTEGRITY) {
                throw e;
            }
            progress.warning("the catalog is damaged and will be kept as " + from
                    + ".damaged; every dataset of this home is rebuilt, because all are in it");
            return false;
        }
    }

    private List<Part> fill(StateFiles state, Path catalogFile, List<VaultDataset> datasets, SiteEndpoint first)
            throws IOException, InterruptedException {
        files.createFolders(state.indexFolder(), FileAccess.PRIVATE);
        files.createFolders(state.treesFolder(), FileAccess.PRIVATE);
        List<Part> parts = new ArrayList<>();
        try (Catalog catalog = Catalog.open(catalogFile)) {
            for (VaultDataset dataset : datasets) {
                try (ChunkIndex index = SegmentIndex.open(state.index(dataset.id()), files, IndexBounds.DEFAULT)) {
                    RebuildTarget target = new RebuildTarget(catalog, index, state.tree(dataset.id()));
                    parts.addAll(fromSites(dataset, target, first));
                }
            }
        }
        return parts;
    }

    /** The first site comes last: where two hold a chunk, the index names the one that was read last. */
    private List<Part> fromSites(VaultDataset dataset, RebuildTarget target, SiteEndpoint first)
            throws IOException, InterruptedException {
        List<Part> parts = new ArrayList<>();
        for (SiteEndpoint site : vault.sites()) {
            if (!site.site().equals(first.site()) && site.terms().classes().contains(dataset.dataClass())) {
                try {
                    parts.add(new Part(site, new Rebuild(node, vault, site).run(dataset, target, progress)));
                } catch (FaultException e) {
                    if (e.fault().advice() == Advice.STOP) {
                        throw e;
                    }
                    progress.warning(e.getMessage() + ". What it holds of dataset " + dataset.name()
                            + " is known here only as far as it was before");
                }
            }
        }
        parts.add(new Part(first, new Rebuild(node, vault, first).run(dataset, target, progress)));
        return parts;
    }
}
