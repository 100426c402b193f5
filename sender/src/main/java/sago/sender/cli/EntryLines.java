package sago.sender.cli;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import sago.common.cli.JsonFields;
import sago.common.cli.MessageType;
import sago.common.cli.Output;
import sago.common.cli.Units;
import sago.sender.tree.Attributes;
import sago.sender.tree.Entry;
import sago.sender.tree.EntryKind;

/** How entries of a snapshot are shown: byte for byte in a line, as members of a message for programs. Stateless. */
final class EntryLines {
    private EntryLines() {}

    /** Prints one entry. */
    static void print(Output output, Entry entry, boolean isLong) {
        if (output.json()) {
            output.message(MessageType.ITEM, fields -> put(fields, entry));
            return;
        }
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
        output.out().writeBytes(line.toByteArray());
    }

    /** Members of an entry. */
    static void put(JsonFields fields, Entry entry) {
        Attributes attributes = entry.attributes();
        fields.bytes("path", entry.key().path())
                .put("kind", "entry")
                .put("type", entry.kind().name().toLowerCase(Locale.ROOT))
                .put("mode", String.format(Locale.ROOT, "%04o", attributes.mode()))
                .put("uid", Integer.toUnsignedLong(attributes.uid()))
                .put("gid", Integer.toUnsignedLong(attributes.gid()))
                .put("size", entry.size())
                .put("mtime", Units.utcSeconds(attributes.modified().seconds() * 1000))
                .put("mtime_ns", (long) attributes.modified().nanos());
        if (entry.kind() == EntryKind.SYMLINK) {
            fields.bytes("link_target", entry.linkTarget().toByteArray());
        }
    }

    private static String details(Entry entry) {
        Attributes attributes = entry.attributes();
        return String.format(
                Locale.ROOT,
                "%s %5s %5s %12d %s ",
                mode(entry.kind(), attributes.mode()),
                Integer.toUnsignedString(attributes.uid()),
                Integer.toUnsignedString(attributes.gid()),
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
