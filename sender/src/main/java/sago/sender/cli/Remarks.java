package sago.sender.cli;

import java.nio.file.Path;
import sago.common.cli.MessageType;
import sago.common.cli.Output;
import sago.sender.backup.BackupListener;
import sago.sender.restore.RestoreListener;
import sago.sender.tree.EntryKey;

/**
 * Prints what a command meets on its way, one line each, on stderr, or as messages. Repeats are bounded: after the first few only their number is told at the
 * end. Thread-safe.
 */
final class Remarks implements BackupListener, RestoreListener {
    private static final int LINES_MAX = 100;

    private final Output output;
    private int lines;

    Remarks(Output output) {
        this.output = output;
    }

    @Override
    public void unreadable(Path path, String reason) {
        error("backup", path.toString(), "cannot read " + path + ": " + reason);
    }

    @Override
    public void vanished(Path path) {
        error("backup", path.toString(), path + " vanished before it could be read");
    }

    @Override
    public void changed(Path path) {
        error("backup", path.toString(), path + " changed while it was read");
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
        error("restore", key.toString(), "FAILED " + key + ": " + reason);
    }

    synchronized void print(String line) {
        lines++;
        if (lines <= LINES_MAX) {
            output.warning(line);
        }
    }

    /** Programs are told of every one: they count. */
    synchronized void error(String during, String item, String line) {
        lines++;
        if (lines <= LINES_MAX || output.json()) {
            output.error(during, item, line);
        }
    }

    /** Tells how many lines were held back. */
    synchronized void finish() {
        if (lines > LINES_MAX) {
            output.warning("and " + (lines - LINES_MAX) + " more such lines");
        }
    }
}
