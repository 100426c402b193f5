package sago.sender.node;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sago.common.durable.FileAccess;
import sago.common.durable.FolderLock;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.id.DatasetId;
import sago.common.id.SiteId;
import sago.common.net.Transports;
import sago.sender.catalog.Catalog;
import sago.sender.index.ChunkIndex;
import sago.sender.index.IndexBounds;
import sago.sender.index.SegmentIndex;
import sago.sender.keys.ClientCredential;
import sago.sender.keys.HomeContext;
import sago.sender.keys.SenderHome;
import sago.sender.keys.SiteAddress;
import sago.sender.keys.SiteEndpoint;
import sago.sender.upload.ReadPlan;
import sago.sender.upload.RestoreClient;
import sago.sender.upload.SiteClient;

/**
 * An open home: its sender, its catalog, its threads for the network. What a command does not ask for is not opened. Confined to one
 * thread; what it hands out has rules of its own.
 */
public final class HomeNode implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HomeNode.class);

    private static final int NETWORK_THREADS = 2;

    /** Of a request to a site that may be gone for good. */
    private static final int ASK_ATTEMPTS = 2;

    private final HomeContext context;
    private final String software;
    private @Nullable SenderHome sender;
    private @Nullable Catalog catalog;
    private @Nullable Transports transports;

    /** @param software name and version, which sites log and snapshots carry */
    public HomeNode(HomeContext context, String software) {
        this.context = context;
        this.software = software;
    }

    public HomeContext context() {
        return context;
    }

    public String software() {
        return software;
    }

    /** The folder {@code sender/}; NO_VAULT where there is none. */
    public SenderHome sender() throws IOException {
        SenderHome open = sender;
        if (open == null) {
            open = SenderHome.open(context);
            sender = open;
        }
        return open;
    }

    /** What home knows of snapshots and packs; begun where there is none. */
    public Catalog catalog() throws FaultException {
        Catalog open = catalog;
        if (open == null) {
            open = Catalog.open(catalogFile());
            catalog = open;
        }
        return open;
    }

    /** Whether anything was backed up from here yet. */
    public boolean hasCatalog() {
        return context.files().exists(catalogFile());
    }

    /** Whether there was a catalog, as an index beside it tells, and it is gone. */
    public boolean hasLostCatalog() throws IOException {
        return !hasCatalog()
                && context.files().exists(state().indexFolder())
                && !context.files().list(state().indexFolder()).isEmpty();
    }

    /** The chunk index of a dataset; begun where there is none. The caller closes it. */
    public ChunkIndex index(DatasetId dataset) throws IOException {
        StateFiles state = state();
        context.files().createFolders(state.indexFolder(), FileAccess.PRIVATE);
        return SegmentIndex.open(state.index(dataset), context.files(), IndexBounds.DEFAULT);
    }

    /** Folder of the tree caches; made where there is none. */
    public Path treesFolder() throws IOException {
        Path folder = state().treesFolder();
        context.files().createFolders(folder, FileAccess.PRIVATE);
        return folder;
    }

    /** Folder of the checkpoint of a dataset's backup to a site; it need not exist. */
    public Path checkpointFolder(DatasetId dataset, SiteId site) {
        return context.senderFolder().resolve("checkpoints").resolve(dataset + "-" + site);
    }

    /**
     * Takes a dataset for a backup, or for changing what home knows of it, until the lock is closed.
     *
     * @throws FaultException LOCKED where another process of this home has it
     */
    public FolderLock lock(DatasetId dataset, String name) throws IOException {
        Path folder = context.senderFolder().resolve("locks");
        context.files().createFolders(folder, FileAccess.PRIVATE);
        FolderLock lock =
                FolderLock.acquire(context.files().disk(), folder.resolve(dataset + ".lock"), "dataset " + name);
        LOG.info("dataset {} is locked for this process", name);
        return lock;
    }

    private Path catalogFile() {
        return state().catalog();
    }

    /** The files that a site can give back. */
    StateFiles state() {
        return new StateFiles(context.senderFolder());
    }

    /**
     * The site of this name, or the only one.
     *
     * @throws FaultException USAGE where there is none or the choice is open, NOT_FOUND for a name that nothing has
     */
    public SiteEndpoint site(Optional<String> name) throws IOException {
        return choose(sender().sites(), name);
    }

    /** The same among given sites: a vault knows them too. */
    public static SiteEndpoint choose(List<SiteEndpoint> sites, Optional<String> name) throws FaultException {
        List<String> names = sites.stream().map(SiteEndpoint::name).toList();
        if (sites.isEmpty()) {
            throw new FaultException(
                    Fault.USAGE, "this home has no site yet: `sago receiver init` at one, then `sago site add` here");
        }
        if (name.isEmpty() && sites.size() > 1) {
            throw new FaultException(
                    Fault.USAGE, "there are several sites: name one with --site (" + String.join(", ", names) + ")");
        }
        for (SiteEndpoint site : sites) {
            if (name.isEmpty() || site.name().equals(name.get())) {
                return site;
            }
        }
        throw new FaultException(
                Fault.NOT_FOUND, "no site is named " + name.get() + "; there is " + String.join(", ", names));
    }

    /** A client for a site in the role of a credential. */
    public SiteClient client(SiteEndpoint site, ClientCredential credential) throws FaultException {
        return new SiteClient(site, credential, transports(), context.clock(), software);
    }

    private Transports transports() throws FaultException {
        Transports open = transports;
        if (open == null) {
            open = Transports.open(NETWORK_THREADS, "sago-net");
            transports = open;
        }
        return open;
    }

    /** Asks a site of which only the address is known, once. The caller closes it. */
    RestoreClient askUnknown(SiteAddress address, ClientCredential kit) throws FaultException, InterruptedException {
        return ask(SiteClient.ofUnknownSite(address, kit, transports(), context.clock(), software));
    }

    /** Asks a site, once, without handing anything over. The caller closes it. */
    RestoreClient ask(SiteEndpoint site, ClientCredential kit) throws FaultException, InterruptedException {
        return ask(SiteClient.asking(site, kit, transports(), context.clock(), software));
    }

    private RestoreClient ask(SiteClient client) throws FaultException, InterruptedException {
        return RestoreClient.open(client, new ReadPlan(1, ASK_ATTEMPTS, context.random()));
    }

    /** Connects to read or audit. The caller closes it before this node. */
    public RestoreClient reader(SiteEndpoint site, ClientCredential credential)
            throws FaultException, InterruptedException {
        return RestoreClient.open(client(site, credential), ReadPlan.of(context.random()));
    }

    /** Closes what was opened, last first. */
    @Override
    public void close() throws IOException {
        try {
            if (catalog != null) {
                catalog.close();
            }
        } finally {
            if (transports != null) {
                transports.close();
            }
            if (sender != null) {
                sender.close();
            }
        }
    }
}
