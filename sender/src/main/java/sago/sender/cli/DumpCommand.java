package sago.sender.cli;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import sago.common.cli.MessageType;
import sago.common.cli.Signals;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.sender.keys.HomeContext;
import sago.sender.keys.Vault;
import sago.sender.node.HomeNode;
import sago.sender.node.SnapshotReader;
import sago.sender.restore.Dump;
import sago.sender.source.posix.StandardOutput;
import sago.sender.tree.Entry;
import sago.sender.tree.EntryKey;
import sago.sender.tree.EntryKind;

/** {@code sago dump}: a file of a snapshot on standard output, or a folder as a tar stream. */
@Command(
        name = "dump",
        description = {
            "Write a file of a snapshot to standard output, or a folder with all that is below as a tar stream.",
            "GNU tar restores all of it with --xattrs --xattrs-include='*' --acls. Nothing else is written there."
        },
        footer = {
            "",
            "Example:  sago dump latest /pg.sql | psql",
            "          sago dump latest:/data users | tar -x --xattrs --acls -C /tmp/back"
        })
final class DumpCommand extends HomeCommand {
    private static final String TAR = "tar";

    @Parameters(
            index = "0",
            paramLabel = "SNAPSHOT[:SUBDIR]",
            description = "latest, or what `sago snapshots` shows; after a colon the folder where PATH begins.")
    private String snapshot = "";

    @Parameters(index = "1", paramLabel = "PATH", description = "A file or a folder in it.")
    private String path = "";

    @Option(
            names = "--archive",
            paramLabel = "FORMAT",
            description = "tar: as a tar stream, a single file too. Folders always are.")
    private @Nullable String archive;

    @Mixin
    private final SnapshotArgument choice = new SnapshotArgument();

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (archive != null && !archive.equals(TAR)) {
            throw new FaultException(Fault.USAGE, "--archive is tar, not " + archive);
        }
        output().takeStdout();
        HomeContext context = context();
        requireHome(context);
        EntryKey key = SnapshotArgument.below(SnapshotArgument.subfolder(snapshot), path);
        Thread runner = Thread.currentThread();
        Signals.onStop(signal -> runner.interrupt());
        try (Vault vault = openVault(context);
                HomeNode node = node(context);
                SnapshotReader reader = SnapshotReader.open(node, vault, choice.query(snapshot))) {
            Dump dump = new Dump(reader.chunks(), reader.root(), new StandardOutput());
            write(dump, key);
            if (dump.skipped() > 0) {
                output().warning(dump.skipped() + " sockets were left out: a tar stream cannot hold them");
            }
            output().message(
                            MessageType.SUMMARY,
                            fields -> fields.put("snapshot", reader.name())
                                    .put("dataset", reader.dataset().name())
                                    .bytes("path", key.path())
                                    .put("entries", dump.entries())
                                    .put("bytes", dump.bytes())
                                    .put("skipped", dump.skipped()));
        } catch (StandardOutput.Closed e) {
            // Whoever reads has enough.
            return 0;
        }
        return 0;
    }

    private void write(Dump dump, EntryKey key) throws IOException, InterruptedException {
        if (key.equals(EntryKey.ROOT)) {
            dump.tar(key);
            return;
        }
        Entry entry = dump.find(key);
        if (archive != null || entry.kind() == EntryKind.DIRECTORY) {
            dump.tar(key);
        } else if (entry.kind() == EntryKind.FILE) {
            dump.file(entry);
        } else {
            throw new FaultException(
                    Fault.USAGE, key + " has no bytes, it is a " + entry.kind() + ": --archive tar writes it");
        }
    }
}
