package sago.sender.cli;

import java.io.IOException;
import java.util.Optional;
import picocli.CommandLine.Command;
import sago.common.cli.Units;
import sago.sender.catalog.Snapshot;
import sago.sender.keys.DatasetKeys;
import sago.sender.keys.HomeContext;
import sago.sender.keys.SiteEndpoint;
import sago.sender.node.HomeNode;
import sago.sender.node.VerifyMarks;

/** {@code sago status}: one line for each dataset at each site that may hold it. */
@Command(
        name = "status",
        description = "Say for each dataset when it was last good where. Needs neither passphrase nor site.",
        footer = {"", "Example:  sago status"})
final class StatusCommand extends HomeCommand {
    @Override
    public Integer call() throws IOException {
        HomeContext context = context();
        requireHome(context);
        String next = null;
        try (HomeNode node = node(context)) {
            for (DatasetKeys dataset : node.sender().datasets()) {
                for (SiteEndpoint site : node.sender().sites()) {
                    if (site.terms().classes().contains(dataset.dataClass())) {
                        say(line(node, dataset, site));
                        next = "sago verify";
                    }
                }
            }
            if (next == null) {
                boolean sites = !node.sender().siteNames().isEmpty();
                say(sites ? "nothing was backed up yet" : "no site yet");
                next = sites ? "sago backup PATH" : "sago receiver init at a site, then sago site add REQUEST";
            }
        }
        next(next + homeFlag());
        return 0;
    }

    private String line(HomeNode node, DatasetKeys dataset, SiteEndpoint site) throws IOException {
        String start = dataset.name() + "  " + site.name() + "  ";
        if (!node.hasCatalog()) {
            return start + "no snapshot yet";
        }
        Optional<Snapshot> newest = node.catalog().snapshots().newest(dataset.dataset(), site.site());
        int waiting = node.catalog()
                .packs()
                .uncommitted(dataset.dataset(), site.site())
                .size();
        String backlog =
                "  backlog " + (waiting == 0 ? "0" : Units.count(waiting, "pack") + " of a backup that was cut off");
        if (newest.isEmpty()) {
            return start + "no snapshot yet" + backlog;
        }
        long nowMs = sago().clock().wallMs();
        long lastMs = newest.get().body().getFinishedMs();
        return start + "last good " + Units.utc(lastMs) + " (" + Units.age(lastMs, nowMs) + ")  "
                + Units.bytes(newest.get().body().getBytes()) + backlog + "  verified "
                + verified(node, dataset, site, nowMs);
    }

    private static String verified(HomeNode node, DatasetKeys dataset, SiteEndpoint site, long nowMs)
            throws IOException {
        return new VerifyMarks(node.context())
                .read(dataset.dataset(), site.site())
                .map(mark -> Units.utc(mark.atMs()) + " (" + Units.age(mark.atMs(), nowMs) + ")"
                        + (mark.dataPercent() > 0 ? ", data " + mark.dataPercent() + " %" : ""))
                .orElse("never");
    }
}
