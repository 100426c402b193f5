package sago.sender.cli;

import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import sago.common.durable.FolderLock;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.sender.keys.DatasetKeys;
import sago.sender.keys.HomeContext;
import sago.sender.keys.Vault;
import sago.sender.node.HomeNode;

/** The dataset of a backup, which is made in the vault if it is new. */
final class DatasetOptions {
    @Option(names = "--dataset", paramLabel = "NAME", description = "Default: named after the first path.")
    private @Nullable String name;

    @Option(names = "--class", paramLabel = "C", description = "Data class of a new dataset. Default: internal.")
    private @Nullable String dataClass;

    /** How the vault is opened. */
    @FunctionalInterface
    interface VaultOpener {
        Vault open(HomeContext context) throws IOException, InterruptedException;
    }

    /** The name that was given, or nothing. */
    Optional<String> name() {
        return Optional.ofNullable(name);
    }

    /** The dataset of this name. */
    DatasetKeys keys(HomeNode node, String wanted, VaultOpener vaults) throws IOException, InterruptedException {
        if (!node.sender().datasetNames().contains(wanted)) {
            requireNotMoved(node, wanted);
            if (!node.context().hasVault()) {
                throw new FaultException(
                        Fault.NO_VAULT,
                        "no dataset " + wanted + " at " + node.context().folder() + ", which has "
                                + String.join(", ", node.sender().datasetNames())
                                + ": another one is granted where the vault is, by `sago sender add`");
            }
            make(node.context(), wanted, vaults);
            requireNotMoved(node, wanted);
        }
        DatasetKeys keys = node.sender().dataset(wanted);
        if (dataClass != null && !dataClass.equals(keys.dataClass())) {
            throw new FaultException(
                    Fault.USAGE, "dataset " + wanted + " has class " + keys.dataClass() + ": take another name");
        }
        return keys;
    }

    private static void requireNotMoved(HomeNode node, String name) throws IOException {
        Optional<String> sender = node.sender().movedTo(name);
        if (sender.isPresent()) {
            throw new FaultException(
                    Fault.USAGE,
                    "dataset " + name + " is backed up by sender " + sender.get()
                            + ": run this there, or take it back with `sago sender revoke " + sender.get() + "`");
        }
    }

    /** Other backups may run meanwhile: what they use does not change. Only one process at a time may write the vault. */
    private void make(HomeContext context, String wanted, VaultOpener vaults) throws IOException, InterruptedException {
        FolderLock vaultLock = FolderLock.acquire(
                context.files().disk(), context.folder().resolve("vault").resolve(FolderLock.NAME), "the vault");
        HomeCommand.under(vaultLock, () -> {
            try (Vault vault = vaults.open(context)) {
                return vault.createDataset(wanted, dataClass == null ? SiteAddCommand.DEFAULT_CLASS : dataClass);
            }
        });
    }
}
