package sago.sender.cli;

import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import sago.common.fault.FaultException;
import sago.sender.keys.DatasetKeys;
import sago.sender.keys.HomeContext;
import sago.sender.keys.Vault;
import sago.sender.node.GrantNotices;
import sago.sender.node.HomeNode;

/** {@code sago sender revoke}: takes datasets back from a sender and tells every site. */
@Command(
        name = "revoke",
        description = {
            "Give the datasets of a sender back to home's own, and show the new grants to their sites: each refuses the"
                    + " sender from then on.",
            "Where a site does not answer, run the same command again: until it has, that site still takes what the sender"
                    + " sends, which deletes and reads nothing."
        },
        footer = {"", "Example:  sago sender revoke web1"})
final class SenderRevokeCommand extends HomeCommand {
    @Parameters(paramLabel = "NAME", description = "As `sago sender list` shows it.")
    private String name = "";

    private final Set<String> refusing = new LinkedHashSet<>();
    private final Set<String> unaware = new LinkedHashSet<>();

    @Override
    public Integer call() throws IOException, InterruptedException {
        HomeContext context = context();
        requireHome(context);
        return locked(context, () -> revoke(context));
    }

    private int revoke(HomeContext context) throws IOException, InterruptedException {
        FaultException missed;
        List<String> datasets;
        try (Vault vault = openVault(context);
                HomeNode node = node(context)) {
            datasets = vault.revokeSender(name);
            say("revoked   " + name + (datasets.isEmpty() ? ", which has no dataset left" : ""));
            missed = show(node, new GrantNotices(node, vault.sites()), datasets);
        }
        summary(fields -> fields.put("sender", name)
                .list("datasets", datasets)
                .list("sites_refusing", refusing)
                .list("sites_not_reached", unaware));
        if (missed != null) {
            next("sago sender revoke " + name + homeFlag() + ", until every site has answered");
            return missed.fault().exitCode();
        }
        next(
                datasets.isEmpty()
                        ? "sago sender list" + homeFlag()
                        : "sago backup --dataset " + datasets.get(0) + " PATH" + homeFlag());
        return 0;
    }

    /** What the first site said that does not know a grant now. */
    private @Nullable FaultException show(HomeNode node, GrantNotices notices, List<String> datasets)
            throws IOException, InterruptedException {
        FaultException first = null;
        for (String dataset : datasets) {
            DatasetKeys keys = node.sender().dataset(dataset);
            say("dataset   " + dataset + " is home's own again");
            for (GrantNotices.Outcome outcome :
                    notices.show(keys.grant(), node.sender().appendCredential(keys))) {
                FaultException missed = outcome.missed();
                if (missed == null) {
                    refusing.add(outcome.site());
                    say("site      " + outcome.site() + " refuses " + name + " from now on");
                } else {
                    unaware.add(outcome.site());
                    output().warning("site " + outcome.site() + " does not know yet: " + missed.getMessage());
                    first = first == null ? missed : first;
                }
            }
        }
        return first;
    }
}
