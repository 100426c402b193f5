package sago.sender.backup;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import sago.sender.source.SourceListener;

/** Counts and tells what is not as it should be with files of the source; the backup goes on without. Thread-safe. */
final class SourceTrouble implements SourceListener {
    private final BackupCounters counters;
    private final BackupListener listener;

    SourceTrouble(BackupCounters counters, BackupListener listener) {
        this.counters = counters;
        this.listener = listener;
    }

    /** It could not be read to its end: gone, or refused. */
    void lost(Path path, IOException e) {
        if (e instanceof NoSuchFileException) {
            vanished(path);
        } else {
            unreadable(path, reason(e));
        }
    }

    @Override
    public void unreadable(Path path, String reason) {
        counters.unreadable.increment();
        listener.unreadable(path, reason);
    }

    @Override
    public void vanished(Path path) {
        counters.vanished.increment();
        listener.vanished(path);
    }

    /** What was stored may be neither what it was before nor what it is now. */
    void changed(Path path) {
        counters.changed.increment();
        listener.changed(path);
    }

    private static String reason(IOException e) {
        return e instanceof AccessDeniedException ? "permission denied" : String.valueOf(e.getMessage());
    }
}
