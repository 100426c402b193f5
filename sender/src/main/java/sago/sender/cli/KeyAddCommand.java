package sago.sender.cli;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import sago.common.secret.SecretBytes;
import sago.sender.keys.HomeContext;
import sago.sender.keys.SlotCost;
import sago.sender.keys.Vault;

/** {@code sago key add}: one more passphrase or key file. */
@Command(
        name = "add",
        description = {
            "Let one more passphrase or key file open the vault.",
            "Without --new-key-file and --new-passphrase-file, a passphrase is asked for, twice."
        },
        footer = {"", "Example:  sago key add --label safe --new-key-file /media/usb/key"})
final class KeyAddCommand extends HomeCommand {
    @Option(
            names = "--label",
            required = true,
            paramLabel = "L",
            description = "How it is called; `sago key list` shows it.")
    private String label = "";

    @ArgGroup
    private @Nullable From from;

    /** At most one of them. */
    private static final class From {
        @Option(
                names = "--new-key-file",
                paramLabel = "FILE",
                description = "All of FILE, at least 32 random bytes: `head -c 32 /dev/urandom` makes them.")
        private @Nullable Path keyFile;

        @Option(
                names = "--new-passphrase-file",
                paramLabel = "FILE",
                description = "The first line of FILE is a passphrase.")
        private @Nullable Path passphraseFile;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        HomeContext context = context();
        requireHome(context);
        locked(context, () -> {
            try (Vault vault = openVault(context)) {
                add(vault);
                return true;
            }
        });
        summary(fields -> fields.put("label", label));
        say("added     " + label);
        next("sago key list" + homeFlag());
        return 0;
    }

    private void add(Vault vault) throws IOException {
        Path keyFile = from == null ? null : from.keyFile;
        if (keyFile != null) {
            try (SecretBytes content = PassphraseOptions.readKeyFile(keyFile)) {
                vault.addKeyFile(label, content);
            }
            return;
        }
        Path passphraseFile = from == null ? null : from.passphraseFile;
        try (SecretBytes secret = PassphraseOptions.replacement(passphraseFile, sago().terminal())) {
            vault.addPassphrase(label, secret, SlotCost.DEFAULT);
        }
    }
}
