package sago.sender.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import sago.common.cli.MessageType;
import sago.common.cli.Units;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.sender.catalog.Snapshot;
import sago.sender.keys.HomeContext;
import sago.sender.keys.Vault;
import sago.sender.node.HomeNode;
import sago.sender.node.SnapshotNames;
import sago.sender.node.SnapshotReader;
import sago.sender.pattern.PathPattern;
import sago.sender.tree.Entry;
import sago.sender.tree.EntryCursor;
import sago.sender.tree.TreeReader;

/** {@code sago find}: in which snapshots something is. */
@Command(
        name = "find",
        description = {
            "Find entries whose path matches a pattern, in all snapshots that home knows or in some.",
            "A pattern that begins with / is matched from the top, any other from every folder: * within a name, ** across names."
        },
        footer = {"", "Example:  sago find 'report-*.odt' --dataset users --long"})
final class FindCommand extends HomeCommand {
    @Parameters(arity = "1..*", paramLabel = "GLOB", description = "What to look for.")
    private List<String> globs = List.of();

    @Option(
            names = "--snapshot",
            paramLabel = "SNAPSHOT",
            description = "Only in this one, latest or what `sago snapshots` shows; may be repeated.")
    private List<String> snapshots = List.of();

    @Option(names = "--dataset", paramLabel = "NAME", description = "Only in those of this dataset.")
    private @Nullable String dataset;

    @Option(
            names = "--site",
            paramLabel = "NAME",
            description = "Only at this site; needed for latest where there are several.")
    private @Nullable String site;

    @Option(
            names = {"-l", "--long"},
            description = "Mode, owner, size and time too.")
    private boolean isLong;

    private long matches;

    @Override
    public Integer call() throws IOException, InterruptedException {
        HomeContext context = context();
        requireHome(context);
        List<PathPattern> patterns = new ArrayList<>();
        for (String glob : globs) {
            patterns.add(PathPattern.parse(glob));
        }
        try (Vault vault = openVault(context);
                HomeNode node = node(context)) {
            List<SnapshotReader.Query> queries = queries(node);
            for (SnapshotReader.Query query : queries) {
                try (SnapshotReader reader = SnapshotReader.open(node, vault, query)) {
                    find(reader, patterns);
                }
            }
            output().message(
                            MessageType.SUMMARY,
                            fields -> fields.put("snapshots", (long) queries.size())
                                    .put("matches", matches));
        }
        if (matches == 0) {
            say("nothing matches");
        }
        next("sago restore SNAPSHOT --include GLOB --target DIR" + homeFlag());
        return 0;
    }

    private List<SnapshotReader.Query> queries(HomeNode node) throws FaultException {
        List<SnapshotReader.Query> queries = new ArrayList<>();
        for (String name : snapshots) {
            queries.add(new SnapshotReader.Query(
                    SnapshotNames.require(name), Optional.ofNullable(dataset), Optional.ofNullable(site)));
        }
        if (!queries.isEmpty()) {
            return queries;
        }
        if (!node.hasCatalog()) {
            throw new FaultException(Fault.NOT_FOUND, "home knows no snapshot: name one with --snapshot");
        }
        List<Snapshot> known = new ArrayList<>(node.catalog().snapshots().list());
        known.sort(
                Comparator.comparingLong((Snapshot snapshot) -> snapshot.body().getFinishedMs()));
        for (Snapshot snapshot : known) {
            Optional<String> ofDataset = node.catalog().names().dataset(snapshot.dataset());
            Optional<String> atSite = node.catalog().names().site(snapshot.site());
            if ((dataset == null || dataset.equals(ofDataset.orElse("")))
                    && (site == null || site.equals(atSite.orElse("")))) {
                queries.add(new SnapshotReader.Query(snapshot.name(), ofDataset, atSite));
            }
        }
        return queries;
    }

    private void find(SnapshotReader reader, List<PathPattern> patterns) throws FaultException, InterruptedException {
        EntryCursor cursor = new TreeReader(reader.chunks(), reader.root()).all();
        boolean isFirst = true;
        for (Entry entry = cursor.next(); entry != null; entry = cursor.next()) {
            Entry found = entry;
            if (patterns.stream().noneMatch(pattern -> pattern.matches(found.key()))) {
                continue;
            }
            matches++;
            if (output().json()) {
                output().message(MessageType.ITEM, fields -> {
                    fields.put("snapshot", reader.name())
                            .put("dataset", reader.dataset().name());
                    EntryLines.put(fields, found);
                });
                continue;
            }
            if (isFirst) {
                say("snapshot " + reader.name() + " " + reader.dataset().name() + " of "
                        + Units.utc(reader.body().getFinishedMs()));
                isFirst = false;
            }
            EntryLines.print(output(), found, isLong);
        }
    }
}
