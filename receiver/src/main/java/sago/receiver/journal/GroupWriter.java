package sago.receiver.journal;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import sago.common.durable.DiskFile;
import sago.common.durable.DurableFiles;
import sago.common.durable.FileAccess;
import sago.common.limits.Limits;

/**
 * Writes groups of records to the newest journal file, and begins the next file where one is full. A file is begun only after
 * everything in the one before was forced. Confined to the journal's thread.
 */
final class GroupWriter implements AutoCloseable {
    private final JournalSettings settings;
    private final RecordCodec codec = new RecordCodec();
    private final ByteBuffer group = ByteBuffer.allocateDirect(Limits.JOURNAL_GROUP_BYTES);
    private @Nullable DiskFile file;
    private long fileBytes;
    private JournalPosition last = JournalPosition.START;
    private long first;

    GroupWriter(JournalSettings settings, JournalRecovery.End end) throws IOException {
        this.settings = settings;
        if (!end.segment().isEmpty()) {
            file = settings.disk().open(settings.folder().resolve(end.segment()));
            fileBytes = end.segmentBytes();
        }
    }

    /** Starts a group after this record. */
    void begin(JournalPosition head) {
        group.clear();
        last = head;
        first = head.sequence() + 1;
    }

    /** Adds a record; the group's bytes are bounded by the caller. */
    JournalRecord add(RecordType type, ByteString payload) {
        last = codec.encode(group, last, first, type, payload);
        return new JournalRecord(last, type, payload);
    }

    /** Writes the group, which is not durable yet. */
    void write() throws IOException {
        group.flip();
        DiskFile target = file;
        if (target == null || (fileBytes > 0 && fileBytes + group.limit() > settings.segmentBytesMax())) {
            target = roll(target);
        }
        target.writeFully(group, fileBytes);
    }

    private DiskFile roll(@Nullable DiskFile full) throws IOException {
        DiskFile next = new DurableFiles(settings.disk())
                .create(settings.folder().resolve(JournalSegments.name(first)), FileAccess.PRIVATE);
        file = next;
        fileBytes = 0;
        if (full != null) {
            full.close();
        }
        return next;
    }

    void force() throws IOException {
        requireFile().force();
        fileBytes += group.limit();
    }

    /** Removes what a failed write may have left behind the last forced record. */
    void takeBack() throws IOException {
        if (file != null) {
            file.truncate(fileBytes);
        }
    }

    private DiskFile requireFile() {
        if (file == null) {
            throw new IllegalStateException("force before write");
        }
        return file;
    }

    @Override
    public void close() throws IOException {
        if (file != null) {
            file.close();
        }
    }
}
