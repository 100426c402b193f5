package sago.sender.cli;

import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import sago.sender.keys.HomeContext;
import sago.sender.keys.Vault;

/** {@code sago key remove}: one passphrase or key file less. */
@Command(
        name = "remove",
        description = {
            "Take a passphrase or key file out of the vault: never the kit, never the last one besides it.",
            "Whoever has an older copy of vault.pb still opens that with it."
        },
        footer = {"", "Example:  sago key remove safe"})
final class KeyRemoveCommand extends HomeCommand {
    @Parameters(paramLabel = "L", description = "Its label, as `sago key list` shows it.")
    private String label = "";

    @Override
    public Integer call() throws IOException, InterruptedException {
        HomeContext context = context();
        requireHome(context);
        locked(context, () -> {
            try (Vault vault = openVault(context)) {
                vault.removeSlot(label);
                return true;
            }
        });
        summary(fields -> fields.put("label", label));
        say("removed   " + label);
        next("sago key list" + homeFlag());
        return 0;
    }
}
