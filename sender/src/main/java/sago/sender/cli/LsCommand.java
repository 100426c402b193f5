package sago.sender.cli;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import sago.common.cli.MessageType;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.sender.keys.HomeContext;
import sago.sender.keys.Vault;
import sago.sender.node.HomeNode;
import sago.sender.node.SnapshotReader;
import sago.sender.tree.Entry;
import sago.sender.tree.EntryCursor;
import sago.sender.tree.EntryKey;
import sago.sender.tree.TreeReader;

/** {@code sago ls}: names inside a snapshot, byte for byte. */
@Command(
        name = "ls",
        description = "List what is in a snapshot. Opens the vault, because names are sealed too.",
        footer = {"", "Example:  sago ls latest /data/users --long"})
final class LsCommand extends HomeCommand {
    @Parameters(
            index = "0",
            paramLabel = "SNAPSHOT[:SUBDIR]",
            description = "latest, or what `sago snapshots` shows; after a colon a folder in it.")
    private String snapshot = "";

    @Parameters(index = "1", arity = "0..1", paramLabel = "PATH", description = "Only this and what is below.")
    private @Nullable String path;

    @Mixin
    private final SnapshotArgument choice = new SnapshotArgument();

    @Option(
            names = {"-l", "--long"},
            description = "Mode, owner, size and time too.")
    private boolean isLong;

    @Override
    public Integer call() throws IOException, InterruptedException {
        HomeContext context = context();
        requireHome(context);
        EntryKey subfolder = SnapshotArgument.subfolder(snapshot);
        EntryKey key = path == null ? subfolder : SnapshotArgument.below(subfolder, path);
        try (Vault vault = openVault(context);
                HomeNode node = node(context);
                SnapshotReader reader = SnapshotReader.open(node, vault, choice.query(snapshot))) {
            TreeReader tree = new TreeReader(reader.chunks(), reader.root());
            if (!key.equals(EntryKey.ROOT) && tree.find(key) == null) {
                throw new FaultException(Fault.NOT_FOUND, "no " + key + " in this snapshot");
            }
            EntryCursor cursor = tree.within(key);
            AtomicLong entries = new AtomicLong();
            for (Entry entry = cursor.next(); entry != null; entry = cursor.next()) {
                EntryLines.print(output(), entry, isLong);
                entries.incrementAndGet();
            }
            output().message(
                            MessageType.SUMMARY,
                            fields -> fields.put("snapshot", reader.name())
                                    .put("dataset", reader.dataset().name())
                                    .put("entries", entries.get()));
        }
        return 0;
    }
}
