package sago.sender.node;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import sago.common.durable.DurableFiles;
import sago.common.durable.FileAccess;
import sago.common.durable.FolderLock;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.secret.SecretBytes;
import sago.sender.keys.HomeContext;
import sago.sender.keys.Kit;
import sago.sender.keys.SiteEndpoint;
import sago.sender.keys.SlotCost;
import sago.sender.keys.Unlock;
import sago.sender.keys.Vault;
import sago.sender.keys.VaultDataset;

/**
 * Makes a home where there was none, from the kit and a site. A mark in the folder says that a recovery is on its way there: with it the same
 * command goes on, whatever a crash left. Confined to one thread, which holds the lock of the folder.
 */
public final class Recovery {
    private static final String MARK = "recovering";

    private final HomeContext context;

    public Recovery(HomeContext context) {
        this.context = context;
    }

    /**
     * Makes the folder, or takes one that a recovery before this one left; nobody else may use it until the result is closed.
     *
     * @throws FaultException USAGE where something else is in it, LOCKED
     */
    public FolderLock begin() throws IOException {
        DurableFiles files = context.files();
        Path folder = context.folder();
        files.createFolders(folder, FileAccess.PRIVATE);
        requireOurs(files, folder);
        FolderLock lock = FolderLock.acquire(files.disk(), folder);
        try {
            // Another one may have begun and ended in between.
            requireOurs(files, folder);
            files.atomicWrite(mark(), "a recovery is on its way; run it again\n".getBytes(StandardCharsets.US_ASCII));
            return lock;
        } catch (IOException | RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    private void requireOurs(DurableFiles files, Path folder) throws IOException {
        List<String> names = files.list(folder);
        boolean empty = names.stream().allMatch(name -> name.equals(FolderLock.NAME) || name.startsWith(MARK));
        if (!empty && !files.exists(mark())) {
            throw new FaultException(
                    Fault.USAGE,
                    folder + " is not empty: recover into a new folder with --home, nothing there is changed");
        }
    }

    /** Whether a recovery before this one came as far as the vault: then its passphrase is the one that counts. */
    public boolean hasVault() {
        return context.hasVault();
    }

    /** Writes the vault of a keyring that was found. Borrows kit and passphrase (UTF-8). */
    public Vault makeVault(KeyringSearch.Found found, Kit kit, SecretBytes passphrase) throws IOException {
        return Vault.recover(context, kit, found.keyring().envelope(), passphrase, SlotCost.DEFAULT);
    }

    /** Opens the vault of a recovery that was interrupted, and brings its sender up to it. */
    public Vault openVault(KeyringSearch.Found found, Kit kit) throws IOException {
        Vault vault = Vault.open(context, new Unlock.RecoveryKit(kit));
        try {
            if (vault.keyringCounter() < found.keyring().counter()) {
                throw new FaultException(
                        Fault.USAGE,
                        "the sites know keyring " + found.keyring().counter()
                                + ", newer than the one of the recovery that was interrupted here: delete "
                                + context.folder() + " and run it again");
            }
            vault.publish();
            return vault;
        } catch (IOException | RuntimeException e) {
            vault.close();
            throw e;
        }
    }

    /** Rebuilds what home's own sender knew of its datasets. */
    public List<StateRebuild.Part> rebuild(
            HomeNode node, Vault vault, KeyringSearch.Found found, Rebuild.Progress progress)
            throws IOException, InterruptedException {
        List<VaultDataset> own = vault.datasets().stream()
                .filter(dataset -> dataset.sender().isEmpty())
                .toList();
        SiteEndpoint first = null;
        for (SiteEndpoint site : vault.sites()) {
            if (site.site().equals(found.first())) {
                first = site;
            }
        }
        if (first == null) {
            throw new FaultException(
                    Fault.PEER_REFUSED,
                    "the newest keyring does not list the site at this address any more: use the address of another one");
        }
        return new StateRebuild(node, vault, progress).intoHome(new StateRebuild.Plan(own, own, first));
    }

    /** The home is whole: from now on it is one like any other. */
    public void end() throws IOException {
        context.files().delete(mark());
    }

    private Path mark() {
        return context.folder().resolve(MARK);
    }
}
