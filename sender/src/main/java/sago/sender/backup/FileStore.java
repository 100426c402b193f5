package sago.sender.backup;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import sago.common.fault.FaultException;
import sago.sender.pack.ChunkRef;
import sago.sender.source.SourceEntry;
import sago.sender.source.SourceFile;

/** Stores files, and sorts out what can go wrong with one of them. Confined to one worker. */
final class FileStore {
    private final FileReader reader;
    private final BackupCounters counters;
    private final BackupListener listener;

    FileStore(FileReader reader, BackupCounters counters, BackupListener listener) {
        this.reader = reader;
        this.counters = counters;
        this.listener = listener;
    }

    /**
     * The chunks of a range of a file, or null if the file is gone or cannot be read, which is then counted and told.
     *
     * @param told shared by the ranges of a large file, so that it is counted once; null for a whole file
     * @throws FaultException when the session cannot go on
     */
    @Nullable
    List<ChunkRef> store(SourceEntry file, long start, long length, @Nullable AtomicBoolean told)
            throws FaultException, InterruptedException {
        counters.filesOpened.increment();
        try (SourceFile open = file.open()) {
            return reader.read(open.channel(), start, length);
        } catch (FaultException e) {
            throw e;
        } catch (ClosedByInterruptException e) {
            throw (InterruptedException) new InterruptedException("while reading a file").initCause(e);
        } catch (IOException e) {
            if (told == null || told.compareAndSet(false, true)) {
                tell(file, e);
            }
            return null;
        }
    }

    private void tell(SourceEntry file, IOException e) {
        if (e instanceof NoSuchFileException) {
            counters.vanished.increment();
        } else {
            counters.unreadable.increment();
            listener.unreadable(file.path(), reason(e));
        }
    }

    private static String reason(IOException e) {
        return e instanceof AccessDeniedException ? "permission denied" : String.valueOf(e.getMessage());
    }
}
