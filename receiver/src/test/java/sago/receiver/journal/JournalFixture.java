package sago.receiver.journal;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import sago.common.durable.Disk;
import sago.common.durable.FileAccess;
import sago.common.durable.SimDisk;
import sago.common.fault.FaultException;

/** A journal on a simulated disk, and what its listener heard. */
final class JournalFixture {
    private static final Path SITE = Path.of("/site");
    static final Path FOLDER = SITE.resolve("journal");

    /** Collects. */
    static class Heard implements JournalListener {
        final List<JournalRecord> records = new ArrayList<>();
        Optional<FaultException> failure = Optional.empty();

        @Override
        public synchronized void forced(List<JournalRecord> forced) {
            records.addAll(forced);
        }

        @Override
        public synchronized void failed(FaultException cause) {
            failure = Optional.of(cause);
        }

        List<String> payloads() {
            return records.stream()
                    .map(record -> record.payload().toStringUtf8())
                    .toList();
        }
    }

    private JournalFixture() {}

    static SimDisk disk() throws IOException {
        SimDisk disk = new SimDisk(SITE);
        disk.createFolder(FOLDER, FileAccess.PRIVATE);
        disk.forceFolder(SITE);
        return disk;
    }

    static Journal open(Disk disk, JournalListener listener) throws IOException {
        return open(disk, JournalPosition.START, listener);
    }

    static Journal open(Disk disk, JournalPosition witness, JournalListener listener) throws IOException {
        return Journal.open(new JournalSettings(disk, FOLDER), witness, listener);
    }

    static JournalPosition append(Journal journal, String payload) throws IOException {
        try {
            return journal.append(RecordType.PACK, ByteString.copyFromUtf8(payload))
                    .join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof IOException failure) {
                throw failure;
            }
            throw e;
        }
    }
}
