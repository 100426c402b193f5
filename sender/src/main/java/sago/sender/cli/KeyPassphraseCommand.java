package sago.sender.cli;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import sago.common.secret.SecretBytes;
import sago.sender.keys.HomeContext;
import sago.sender.keys.SlotCost;
import sago.sender.keys.Vault;

/** {@code sago key passphrase}: another passphrase in the place of one. */
@Command(
        name = "passphrase",
        description = {
            "Replace the passphrase that opened the vault. With --kit or --key-file: the only one, or that of --label.",
            "Whoever has an older copy of vault.pb still opens that with the former passphrase."
        },
        footer = {"", "Example:  sago key passphrase"})
final class KeyPassphraseCommand extends HomeCommand {
    @Option(names = "--label", paramLabel = "L", description = "Replace this one instead.")
    private @Nullable String label;

    @Option(
            names = "--new-passphrase-file",
            paramLabel = "FILE",
            description = "The first line of FILE is the new passphrase; otherwise it is asked for, twice.")
    private @Nullable Path file;

    @Override
    public Integer call() throws IOException, InterruptedException {
        HomeContext context = context();
        requireHome(context);
        String replaced = locked(context, () -> {
            try (Vault vault = openVault(context);
                    SecretBytes secret = PassphraseOptions.replacement(file, sago().terminal())) {
                return vault.changePassphrase(label, secret, SlotCost.DEFAULT);
            }
        });
        summary(fields -> fields.put("label", replaced));
        say("replaced  " + replaced);
        next("sago key list" + homeFlag());
        return 0;
    }
}
