package sago.sender.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import sago.common.cli.JsonFields;
import sago.common.cli.MessageType;
import sago.common.cli.Output;
import sago.common.durable.FolderLock;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.secret.SecretBytes;
import sago.sender.keys.HomeContext;
import sago.sender.keys.Kit;
import sago.sender.keys.SenderHome;
import sago.sender.keys.Unlock;
import sago.sender.keys.Vault;
import sago.sender.node.HomeFolders;
import sago.sender.node.HomeNode;
import sago.sender.seal.AeadProviders;

/** What every command of a home has. */
abstract class HomeCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--home",
            paramLabel = "H",
            description = "The home folder. Default: /var/lib/sago for root, ~/.local/share/sago otherwise.")
    private @Nullable Path home;

    @Mixin
    private final PassphraseOptions passphrase = new PassphraseOptions();

    final SagoMain sago() {
        return (SagoMain) spec.root().userObject();
    }

    final PassphraseOptions passphrase() {
        return passphrase;
    }

    final Path homeFolder() {
        Path folder =
                home != null ? home : HomeFolders.byDefault(sago().environment(), System.getProperty("user.name", ""));
        return folder.toAbsolutePath().normalize();
    }

    final HomeContext context() {
        return new HomeContext(
                homeFolder(), sago().files(), sago().random(), sago().clock(), AeadProviders.whenNeeded());
    }

    /** The home, open. The caller closes it. */
    final HomeNode node(HomeContext context) {
        return new HomeNode(context, Software.NAME);
    }

    /** How this home is named in what is printed next: nothing where it need not be typed. */
    final String homeFlag() {
        boolean isTyped = spec.commandLine().getParseResult().hasMatchedOption("--home");
        return home == null || !isTyped ? "" : " --home " + home;
    }

    /** What a command does while no other process writes in its home. */
    @FunctionalInterface
    interface Work<T> {
        T run() throws IOException, InterruptedException;
    }

    /** Does what changes keys or sites: alone in the home folder, which must exist. */
    final <T> T locked(HomeContext context, Work<T> work) throws IOException, InterruptedException {
        return under(FolderLock.acquire(context.files().disk(), homeFolder()), work);
    }

    /** Does work beside that of other datasets, while nobody changes keys or sites. */
    final <T> T shared(HomeContext context, Work<T> work) throws IOException, InterruptedException {
        renew(context);
        return under(FolderLock.acquireShared(context.files().disk(), homeFolder()), work);
    }

    /** Keeps a new certificate of the sender where the old one ends soon; while others are at work each makes its own instead. */
    private void renew(HomeContext context) throws IOException, InterruptedException {
        if (!SenderHome.endsSoon(context)) {
            return;
        }
        try {
            locked(context, () -> {
                SenderHome.renew(context);
                return true;
            });
        } catch (FaultException e) {
            if (e.fault() != Fault.LOCKED) {
                throw e;
            }
        }
    }

    /** Does the work and gives the lock back in any case. */
    static <T> T under(FolderLock lock, Work<T> work) throws IOException, InterruptedException {
        try {
            return work.run();
        } finally {
            lock.close();
        }
    }

    /** Does the work while something runs beside it, and ends that in any case. */
    static <T> T beside(Runnable end, Work<T> work) throws IOException, InterruptedException {
        try {
            return work.run();
        } finally {
            end.run();
        }
    }

    /** NO_VAULT where there is no home at all. */
    final void requireHome(HomeContext context) throws FaultException {
        if (!context.hasSender() && !context.hasVault()) {
            throw new FaultException(
                    Fault.NO_VAULT,
                    "no home at " + homeFolder() + ": make one with `sago init`, or name another with --home");
        }
    }

    /** Opens the vault with kit, key file or passphrase, which is asked for only if there is a vault. The caller closes it. */
    final Vault openVault(HomeContext context) throws IOException, InterruptedException {
        if (!context.hasVault()) {
            return Vault.open(context, new Unlock.Passphrase(SecretBytes.of(new byte[0])));
        }
        try (Kit kit = passphrase.kit()) {
            if (kit != null) {
                return Vault.open(context, new Unlock.RecoveryKit(kit));
            }
        }
        try (SecretBytes keyFile = passphrase.keyFile()) {
            if (keyFile != null) {
                return Vault.open(context, new Unlock.KeyFile(keyFile));
            }
        }
        try (SecretBytes secret = passphrase.passphrase(sago().environment(), sago().terminal())) {
            return Vault.open(context, new Unlock.Passphrase(secret));
        }
    }

    /** Where results go: lines for people, messages for programs. */
    final Output output() {
        return sago().output();
    }

    /** For programs: what came of the command. */
    final void summary(Consumer<JsonFields> fields) {
        output().message(MessageType.SUMMARY, fields);
    }

    /** For programs: one thing of a list. */
    final void item(String kind, Consumer<JsonFields> fields) {
        output().message(MessageType.ITEM, json -> fields.accept(json.put("kind", kind)));
    }

    final void say(String line) {
        output().line(line);
    }

    final void next(String command) {
        output().next(command);
    }
}
