package sago.sender.cli;

import java.io.PrintStream;
import java.nio.file.Path;
import sago.sender.backup.BackupListener;
import sago.sender.restore.RestoreListener;
import sago.sender.tree.EntryKey;

/**
 * Prints what a command meets on its way, one line each, on stderr. Repeats are bounded: after the first few only their number is told at the
 * end. Thread-safe.
 */
final class Remarks implements BackupListener, RestoreListener {
    private static final int LINES_MAX = 100;

    private final PrintStream err;
    private int lines;

    Remarks(PrintStream err) {
        this.err = err;
    }

    @Override
    public void unreadable(Path path, String reason) {
        print("cannot read " + path + ": " + reason);
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
        print("FAILED " + key + ": " + reason);
    }

    synchronized void print(String line) {
        lines++;
        if (lines <= LINES_MAX) {
            err.println("sago: " + line);
        }
    }

    /** Tells how many lines were held back. */
    synchronized void finish() {
        if (lines > LINES_MAX) {
            err.println("sago: and " + (lines - LINES_MAX) + " more such lines");
        }
    }
}
