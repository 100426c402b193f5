package sago.sender.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import sago.common.cli.MessageType;
import sago.common.cli.Units;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.sender.keys.HomeContext;
import sago.sender.keys.Vault;
import sago.sender.node.HomeNode;
import sago.sender.node.SnapshotReader;
import sago.sender.restore.SnapshotDiff;
import sago.sender.restore.SnapshotDiff.Difference;
import sago.sender.tree.Entry;
import sago.sender.tree.EntryKey;
import sago.sender.tree.EntryKind;
import sago.sender.tree.TreeReader;

/** {@code sago diff}: what differs between two snapshots of a dataset. */
@Command(
        name = "diff",
        description = {
            "Show what differs between two snapshots of one dataset, as seen from the first.",
            "+ added, - removed, M other bytes, T another kind; with --metadata also U, only owner, mode, time or attributes."
        },
        footer = {"", "Example:  sago diff 54ccc5b17368 latest"})
final class DiffCommand extends HomeCommand {
    @Parameters(index = "0", paramLabel = "BEFORE[:SUBDIR]", description = "The first snapshot, or a folder in it.")
    private String before = "";

    @Parameters(index = "1", paramLabel = "AFTER", description = "The second snapshot.")
    private String after = "";

    @Option(names = "--metadata", description = "Show entries of which only the metadata differs, too.")
    private boolean hasMetadata;

    @Mixin
    private final SnapshotArgument choice = new SnapshotArgument();

    private final Map<Difference, Long> counts = new EnumMap<>(Difference.class);
    private long bytesAdded;
    private long bytesRemoved;

    @Override
    public Integer call() throws IOException, InterruptedException {
        HomeContext context = context();
        requireHome(context);
        EntryKey subfolder = SnapshotArgument.subfolder(before);
        try (Vault vault = openVault(context);
                HomeNode node = node(context);
                SnapshotReader first = SnapshotReader.open(node, vault, choice.query(before));
                SnapshotReader second = SnapshotReader.open(node, vault, choice.query(after))) {
            if (!first.dataset().id().equals(second.dataset().id())) {
                throw new FaultException(
                        Fault.USAGE,
                        "these are snapshots of different datasets, "
                                + first.dataset().name() + " and "
                                + second.dataset().name() + ": nothing can be compared");
            }
            new SnapshotDiff(
                            new TreeReader(first.chunks(), first.root()),
                            new TreeReader(second.chunks(), second.root()))
                    .compare(subfolder, this::show);
            finish(first, second);
        }
        return 0;
    }

    private void show(Difference difference, @Nullable Entry was, @Nullable Entry is) {
        counts.merge(difference, 1L, Long::sum);
        bytesAdded += is == null || difference == Difference.METADATA ? 0 : is.size();
        bytesRemoved += was == null || difference == Difference.METADATA ? 0 : was.size();
        Entry entry = is == null ? was : is;
        if (entry == null || (difference == Difference.METADATA && !hasMetadata)) {
            return;
        }
        if (output().json()) {
            output().message(MessageType.ITEM, fields -> {
                fields.put("difference", member(difference));
                EntryLines.put(fields, entry);
            });
            return;
        }
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        line.writeBytes((letter(difference) + "    ").getBytes(StandardCharsets.US_ASCII));
        line.writeBytes(entry.key().path());
        if (entry.kind() == EntryKind.DIRECTORY && !entry.key().equals(EntryKey.ROOT)) {
            line.write('/');
        }
        line.write('\n');
        output().out().writeBytes(line.toByteArray());
    }

    private static String letter(Difference difference) {
        return switch (difference) {
            case ADDED -> "+";
            case REMOVED -> "-";
            case MODIFIED -> "M";
            case METADATA -> "U";
            case KIND -> "T";
        };
    }

    /** As programs read it. */
    private static String member(Difference difference) {
        return switch (difference) {
            case ADDED -> "added";
            case REMOVED -> "removed";
            case MODIFIED -> "modified";
            case METADATA -> "metadata";
            case KIND -> "retyped";
        };
    }

    private long count(Difference difference) {
        return counts.getOrDefault(difference, 0L);
    }

    private void finish(SnapshotReader first, SnapshotReader second) {
        say(Units.count(count(Difference.ADDED)) + " added, " + Units.count(count(Difference.REMOVED)) + " removed, "
                + Units.count(count(Difference.MODIFIED)) + " with other bytes, "
                + Units.count(count(Difference.KIND)) + " of another kind, "
                + Units.count(count(Difference.METADATA)) + " with other metadata");
        output().message(MessageType.SUMMARY, fields -> {
            fields.put("before", first.name())
                    .put("after", second.name())
                    .put("dataset", first.dataset().name());
            for (Difference difference : Difference.values()) {
                fields.put(member(difference), count(difference));
            }
            fields.put("bytes_added", bytesAdded).put("bytes_removed", bytesRemoved);
        });
        next("sago restore " + second.name() + " --include GLOB --target DIR" + homeFlag());
    }
}
