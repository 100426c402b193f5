package sago.sender.backup;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sago.common.fault.FaultException;
import sago.sender.source.SourceEntry;
import sago.sender.tree.Entry;
import sago.sender.tree.Xattr;

/** Entries that follow each other: those that need no reading, and small files that one worker reads. */
final class FileBatch extends WorkItem {
    /** Bounds what the queues between walk and tree can hold. */
    private static final int ENTRIES_MAX = 128;

    private static final int REFS_MAX = 4096;
    private static final long READ_BYTES_MAX = 8 << 20;
    private static final long XATTR_BYTES_MAX = 64 << 10;

    private final List<Slot> slots = new ArrayList<>();
    private final List<Entry> finished = new ArrayList<>();
    private final BackupCounters counters;
    private int refs;
    private long readBytes;
    private long xattrBytes;
    private boolean reads;

    FileBatch(BackupCounters counters) {
        this.counters = counters;
    }

    /** Adds an entry that is complete. */
    void add(Entry complete) {
        slots.add(new Slot(null, complete));
        refs += complete.content().refs().size();
        xattrBytes += Xattr.bytes(complete.xattrs());
    }

    /** Adds a file to be read. */
    void addUnread(SourceEntry file) {
        slots.add(new Slot(file, null));
        readBytes += file.entry().size();
        xattrBytes += Xattr.bytes(file.entry().xattrs());
        reads = true;
    }

    boolean isFull() {
        return slots.size() >= ENTRIES_MAX
                || refs >= REFS_MAX
                || readBytes >= READ_BYTES_MAX
                || xattrBytes >= XATTR_BYTES_MAX;
    }

    boolean isEmpty() {
        return slots.isEmpty();
    }

    /** Whether a worker has something to do. */
    boolean reads() {
        return reads;
    }

    @Override
    void work(FileStore store) throws FaultException, InterruptedException {
        for (Slot slot : slots) {
            SourceEntry file = slot.unread;
            if (file != null) {
                slot.complete = read(store, file);
                slot.unread = null;
            }
        }
    }

    private @Nullable Entry read(FileStore store, SourceEntry file) throws FaultException, InterruptedException {
        FileStore.Stored stored = store.store(file);
        if (stored == null) {
            return null;
        }
        counters.filesRead.increment();
        Entry complete = file.entry().withContent(stored.content(), stored.holes());
        if (!stored.changed() && complete.size() == file.entry().size()) {
            finished.add(complete);
        }
        return complete;
    }

    /** What was read as it was scanned: anything else has changed and is read again anyway. */
    @Override
    void record(Checkpoint checkpoint) throws FaultException {
        if (!finished.isEmpty()) {
            checkpoint.files(number(), finished);
        }
    }

    @Override
    void emit(TreeSink sink) throws FaultException, InterruptedException {
        for (Slot slot : slots) {
            if (slot.complete != null) {
                sink.add(slot.complete);
            }
        }
    }

    private static final class Slot {
        @Nullable
        SourceEntry unread;

        @Nullable
        Entry complete;

        Slot(@Nullable SourceEntry unread, @Nullable Entry complete) {
            this.unread = unread;
            this.complete = complete;
        }
    }
}
