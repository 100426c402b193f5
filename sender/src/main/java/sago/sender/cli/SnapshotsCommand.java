package sago.sender.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import sago.common.cli.JsonFields;
import sago.common.cli.Units;
import sago.common.fault.FaultException;
import sago.sender.catalog.Snapshot;
import sago.sender.keys.HomeContext;
import sago.sender.node.HomeNode;

/** {@code sago snapshots}: what the catalog knows. */
@Command(
        name = "snapshots",
        description = "List snapshots, newest last. Needs neither passphrase nor site.",
        footer = {"", "Example:  sago snapshots --dataset users"})
final class SnapshotsCommand extends HomeCommand {
    private static final String ROW = "%-12s  %-17s  %-8s  %9s  %8s  %8s  %s";

    @Option(names = "--dataset", paramLabel = "NAME", description = "Only those of this dataset.")
    private @Nullable String dataset;

    @Override
    public Integer call() throws IOException {
        HomeContext context = context();
        requireHome(context);
        try (HomeNode node = node(context)) {
            if (node.hasLostCatalog()) {
                say("the catalog is lost");
                next("sago sender rebuild --dataset NAME" + homeFlag() + ", where the vault is");
                return 0;
            }
            List<String> rows = node.hasCatalog() ? rows(node) : List.of();
            if (rows.isEmpty()) {
                say("no snapshot yet");
                next("sago backup PATH" + homeFlag());
                return 0;
            }
            say(String.format(Locale.ROOT, ROW, "snapshot", "time", "site", "files", "size", "added", "dataset"));
            rows.forEach(this::say);
            next("sago restore latest --target DIR" + homeFlag());
        }
        return 0;
    }

    private static String siteName(HomeNode node, Snapshot snapshot) throws FaultException {
        return node.catalog()
                .names()
                .site(snapshot.site())
                .orElse(snapshot.site().toString());
    }

    private static void tell(Snapshot snapshot, String dataset, String site, JsonFields fields) {
        fields.put("snapshot", snapshot.name())
                .put("dataset", dataset)
                .put("site", site)
                .time("started", snapshot.body().getStartedMs())
                .time("finished", snapshot.body().getFinishedMs())
                .put("files", snapshot.body().getFiles())
                .put("bytes", snapshot.body().getBytes())
                .put("bytes_added", snapshot.storedBytes());
    }

    private List<String> rows(HomeNode node) throws FaultException {
        List<Snapshot> snapshots = new ArrayList<>(node.catalog().snapshots().list());
        snapshots.sort((a, b) -> Long.compare(a.body().getFinishedMs(), b.body().getFinishedMs()));
        List<String> rows = new ArrayList<>();
        for (Snapshot snapshot : snapshots) {
            String name = node.catalog()
                    .names()
                    .dataset(snapshot.dataset())
                    .orElse(snapshot.dataset().toString());
            if (dataset == null || dataset.equals(name)) {
                String site = siteName(node, snapshot);
                item("snapshot", fields -> tell(snapshot, name, site, fields));
                rows.add(String.format(
                        Locale.ROOT,
                        ROW,
                        snapshot.name(),
                        Units.utc(snapshot.body().getFinishedMs()),
                        site,
                        Units.count(snapshot.body().getFiles()),
                        Units.bytes(snapshot.body().getBytes()),
                        Units.bytes(snapshot.storedBytes()),
                        name));
            }
        }
        return rows;
    }
}
