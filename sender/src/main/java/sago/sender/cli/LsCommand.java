package sago.sender.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import sago.common.cli.Units;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.sender.keys.HomeContext;
import sago.sender.keys.Vault;
import sago.sender.node.HomeNode;
import sago.sender.node.SnapshotReader;
import sago.sender.tree.Attributes;
import sago.sender.tree.Entry;
import sago.sender.tree.EntryCursor;
import sago.sender.tree.EntryKey;
import sago.sender.tree.EntryKind;
import sago.sender.tree.TreeReader;

/** {@code sago ls}: names inside a snapshot, byte for byte. */
@Command(
        name = "ls",
        description = "List what is in a snapshot. Opens the vault, because names are sealed too.",
        footer = {"", "Example:  sago ls latest /data/users --long"})
final class LsCommand extends HomeCommand {
    @Parameters(index = "0", paramLabel = "SNAPSHOT", description = "latest, or what `sago snapshots` shows.")
    private String snapshot = "";

    @Parameters(index = "1", arity = "0..1", paramLabel = "PATH", description = "Only this and what is below.")
    private @Nullable String path;

    @Option(names = "--dataset", paramLabel = "NAME", description = "Needed for latest where there are several.")
    private @Nullable String dataset;

    @Option(names = "--site", paramLabel = "NAME", description = "Needed where there are several.")
    private @Nullable String site;

    @Option(
            names = {"-l", "--long"},
            description = "Mode, owner, size and time too.")
    private boolean isLong;

    @Override
    public Integer call() throws IOException, InterruptedException {
        HomeContext context = context();
        requireHome(context);
        SnapshotReader.Query query =
                new SnapshotReader.Query(snapshot, Optional.ofNullable(dataset), Optional.ofNullable(site));
        try (Vault vault = openVault(context);
                HomeNode node = node(context);
                SnapshotReader reader = SnapshotReader.open(node, vault, query)) {
            TreeReader tree = new TreeReader(reader.chunks(), reader.root());
            EntryCursor cursor = path == null ? tree.all() : tree.within(key(tree, path));
            for (Entry entry = cursor.next(); entry != null; entry = cursor.next()) {
                print(entry);
            }
        }
        return 0;
    }

    private static EntryKey key(TreeReader tree, String path) throws FaultException, InterruptedException {
        String absolute = path.startsWith("/") ? path : "/" + path;
        try {
            EntryKey key = EntryKey.ofPath(absolute.replaceAll("/+$", "").getBytes(StandardCharsets.UTF_8));
            if (tree.find(key) != null) {
                return key;
            }
        } catch (IllegalArgumentException notInAnyTree) {
            // Said below.
        }
        throw new FaultException(Fault.NOT_FOUND, "no " + absolute + " in this snapshot");
    }

    private void print(Entry entry) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        if (isLong) {
            line.writeBytes(details(entry).getBytes(StandardCharsets.UTF_8));
        }
        line.writeBytes(entry.key().path());
        if (isLong && entry.kind() == EntryKind.SYMLINK) {
            line.writeBytes(" -> ".getBytes(StandardCharsets.UTF_8));
            line.writeBytes(entry.linkTarget().toByteArray());
        }
        line.write('\n');
        PrintStream out = output().out();
        out.write(line.toByteArray());
    }

    private static String details(Entry entry) {
        Attributes attributes = entry.attributes();
        return String.format(
                Locale.ROOT,
                "%s %5d %5d %12d %s ",
                mode(entry.kind(), attributes.mode()),
                attributes.uid(),
                attributes.gid(),
                entry.size(),
                Units.utcSeconds(attributes.modified().seconds() * 1000));
    }

    /** As ls prints it, for example {@code drwxr-sr-t}. */
    static String mode(EntryKind kind, int mode) {
        char[] text = "?rwxrwxrwx".toCharArray();
        text[0] = switch (kind) {
            case FILE -> '-';
            case DIRECTORY -> 'd';
            case SYMLINK -> 'l';
            case FIFO -> 'p';
            case SOCKET -> 's';
            case CHARACTER_DEVICE -> 'c';
            case BLOCK_DEVICE -> 'b';
        };
        for (int bit = 0; bit < 9; bit++) {
            if ((mode >> (8 - bit) & 1) == 0) {
                text[1 + bit] = '-';
            }
        }
        special(text, 3, (mode & 04000) != 0, 's');
        special(text, 6, (mode & 02000) != 0, 's');
        special(text, 9, (mode & 01000) != 0, 't');
        return new String(text);
    }

    private static void special(char[] text, int at, boolean set, char letter) {
        if (set) {
            text[at] = text[at] == 'x' ? letter : Character.toUpperCase(letter);
        }
    }
}
