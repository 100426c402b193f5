package sago.sender.cli;

import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Command;
import sago.common.cli.JsonFields;
import sago.common.cli.Units;
import sago.sender.keys.HomeContext;
import sago.sender.keys.SenderInfo;
import sago.sender.keys.Vault;
import sago.sender.keys.VaultDataset;

/** {@code sago sender list}: who backs up what. */
@Command(
        name = "list",
        description = "List the senders of the vault, home's own first.",
        footer = {"", "Example:  sago sender list"})
final class SenderListCommand extends HomeCommand {
    @Override
    public Integer call() throws IOException, InterruptedException {
        HomeContext context = context();
        requireHome(context);
        try (Vault vault = openVault(context)) {
            List<String> own = vault.datasets().stream()
                    .filter(dataset -> dataset.sender().isEmpty())
                    .map(VaultDataset::name)
                    .toList();
            say("home's own  " + (own.isEmpty() ? "no dataset" : String.join(", ", own)));
            item("sender", fields -> fields.put("home_own", true).list("datasets", own));
            String next = "sago sender add NAME --dataset D --out FILE";
            for (SenderInfo sender : vault.senders()) {
                say(line(sender));
                item("sender", fields -> tell(sender, fields));
                if (sender.needsBundle()) {
                    next = "sago sender add " + sender.name() + " --dataset "
                            + sender.datasets().get(0) + " --replace --out FILE";
                }
            }
            next(next + homeFlag());
        }
        return 0;
    }

    private static void tell(SenderInfo sender, JsonFields fields) {
        fields.put("home_own", false).put("sender", sender.name()).list("datasets", sender.datasets());
        fields.time("since", sender.since() * 1000).put("needs_file", sender.needsBundle());
        if (sender.isRevoked()) {
            fields.time("revoked", sender.revoked() * 1000);
        }
    }

    private static String line(SenderInfo sender) {
        String datasets = sender.datasets().isEmpty() ? "no dataset" : String.join(", ", sender.datasets());
        if (sender.isRevoked()) {
            return sender.name() + "  revoked " + Units.utc(sender.revoked() * 1000) + ", had " + datasets;
        }
        return sender.name() + "  " + datasets + "  since " + Units.utc(sender.since() * 1000)
                + (sender.needsBundle() ? "  needs a new file: a site came, or a key was rotated" : "");
    }
}
