package sago.sender.cli;

import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import sago.common.cli.MessageType;
import sago.common.cli.Output;
import sago.sender.backup.BackupListener;
import sago.sender.restore.RestoreListener;
import sago.sender.tree.EntryKey;

/**
 * Prints what a command meets on its way, one line each, on stderr, or as messages. Repeats are bounded by kind, so that a thousand files that vanished do not
 * hide the one that cannot be read: after the first few of a kind only their number is told, at the end. Thread-safe.
 */
final class Remarks implements BackupListener, RestoreListener {
    static final int LINES_PER_KIND_MAX = 100;

    private enum Kind {
        UNREADABLE("that could not be read"),
        VANISHED("that vanished"),
        CHANGED("that changed"),
        FAILED("that failed"),
        OTHER("such lines");

        private final String words;

        Kind(String words) {
            this.words = words;
        }
    }

    private final Output output;
    private final Map<Kind, Integer> lines = new EnumMap<>(Kind.class);

    Remarks(Output output) {
        this.output = output;
    }

    @Override
    public void unreadable(Path path, String reason) {
        error(Kind.UNREADABLE, path.toString(), "cannot read " + path + ": " + reason);
    }

    @Override
    public void vanished(Path path) {
        error(Kind.VANISHED, path.toString(), path + " vanished before it could be read");
    }

    @Override
    public void changed(Path path) {
        error(Kind.CHANGED, path.toString(), path + " changed while it was read");
    }

    @Override
    public void resumed(long files, long bytes) {
        output.message(
                MessageType.RESUMED,
                fields -> fields.put("files_finished", files).put("bytes_skipped", bytes));
    }

    @Override
    public void warning(String message) {
        print(message);
    }

    @Override
    public void warning(EntryKey key, String reason) {
        print(key + ": " + reason);
    }

    @Override
    public void failed(EntryKey key, String reason) {
        error(Kind.FAILED, key.toString(), "FAILED " + key + ": " + reason);
    }

    synchronized void print(String line) {
        if (isAmongTheFirst(Kind.OTHER)) {
            output.warning(line);
        }
    }

    /** Programs are told of every one: they count. */
    private synchronized void error(Kind kind, String item, String line) {
        if (isAmongTheFirst(kind) || output.json()) {
            output.error(kind == Kind.FAILED ? "restore" : "backup", item, line);
        }
    }

    private boolean isAmongTheFirst(Kind kind) {
        return lines.merge(kind, 1, Integer::sum) <= LINES_PER_KIND_MAX;
    }

    /** Tells how many lines were held back. */
    synchronized void finish() {
        lines.forEach((kind, count) -> {
            if (count > LINES_PER_KIND_MAX) {
                output.warning("and " + (count - LINES_PER_KIND_MAX) + " more " + kind.words);
            }
        });
    }
}
