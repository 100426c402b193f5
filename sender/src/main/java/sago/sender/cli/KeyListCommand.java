package sago.sender.cli;

import java.io.IOException;
import java.util.Locale;
import picocli.CommandLine.Command;
import sago.common.cli.Units;
import sago.sender.keys.HomeContext;
import sago.sender.keys.SlotInfo;
import sago.sender.keys.Vault;

/** {@code sago key list}: what opens the vault. */
@Command(
        name = "list",
        description = "List what opens the vault.",
        footer = {"", "Example:  sago key list"})
final class KeyListCommand extends HomeCommand {
    @Override
    public Integer call() throws IOException, InterruptedException {
        HomeContext context = context();
        requireHome(context);
        try (Vault vault = openVault(context)) {
            for (SlotInfo slot : vault.slots()) {
                item("key", fields -> {
                    fields.put("label", slot.label())
                            .put("opens_by", slot.kind().name().toLowerCase(Locale.ROOT));
                    if (slot.since() != 0) {
                        fields.time("since", slot.since() * 1000);
                    }
                });
                say(slot.label() + "  " + slot.kind().words() + "  "
                        + (slot.since() == 0
                                ? "since before times were kept"
                                : "since " + Units.utc(slot.since() * 1000)));
            }
        }
        next("sago key add --label L" + homeFlag());
        return 0;
    }
}
