package sago.receiver.store;

import static org.assertj.core.api.Assertions.assertThat;
import static sago.receiver.store.RetainFixture.GRACE_MS;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sago.common.durable.DurableFiles;
import sago.common.durable.SimDisk;
import sago.common.id.Hash;
import sago.common.id.PackId;
import sago.common.id.SessionId;
import sago.common.limits.Limits;
import sago.receiver.journal.JournalPosition;
import sago.receiver.journal.JournalRecord;
import sago.receiver.journal.RecordType;
import sago.receiver.proto.PackRecord;

/** Pack records of 0.1.0, which say neither when they were written nor what was promised. */
final class OldRecordsTest {
    private static final long LATER_MS = 1_800_000_000_000L;

    @TempDir
    private Path temp = Path.of("");

    private static JournalRecord record(long sequence, int pack, long timeMs) {
        ByteString payload = PackRecord.newBuilder()
                .setPack(ByteString.copyFrom(new PackId(0, pack).toBytes()))
                .setLength(65_536)
                .setRoot(ByteString.copyFrom(Hash.ZERO.toBytes()))
                .setSession(ByteString.copyFrom(new SessionId(3, 1).toBytes()))
                .setDataset(ByteString.copyFrom(StoreFixture.DATASET.toBytes()))
                .setTimeMs(timeMs)
                .setKeepUntil(timeMs == 0 ? 0 : (timeMs + GRACE_MS) / 1000)
                .build()
                .toByteString();
        return new JournalRecord(new JournalPosition(sequence, new Hash(sequence, 0, 0, 0)), RecordType.PACK, payload);
    }

    @Test
    void packsWithoutATimeAreOldOnceALaterRecordSaysWhenAndKeepWhatWasPromisedThen() throws IOException {
        ManifestFiles manifests =
                new ManifestFiles(new DurableFiles(new SimDisk(Path.of("/site"))), Path.of("/site/manifests"));
        try (StateDb db = StateDb.open(temp.resolve("state.db"), manifests)) {
            db.apply(List.of(record(1, 1, 0), record(2, 2, 0)));
            RetentionReader retention = db.reader().retention();
            assertThat(retention.due(Long.MAX_VALUE / 2, 0, Set.of(), 9)).isEmpty();
            assertThat(retention.nextDueMs(0, GRACE_MS)).isEmpty();
            assertThat(retention.unnamed()).isEqualTo(2);

            db.apply(List.of(record(3, 3, LATER_MS)));
            PackRow old = db.reader().pack(new PackId(0, 1)).orElseThrow();
            assertThat(old.names().unnamedMs()).isEqualTo(LATER_MS);
            assertThat(old.keepUntil()).isEqualTo((LATER_MS + Limits.UNCOMMITTED_KEEP_MS) / 1000);
            assertThat(retention.due(LATER_MS + GRACE_MS, GRACE_MS, Set.of(), 9))
                    .extracting(row -> row.entry().id())
                    .containsExactly(new PackId(0, 3));
            assertThat(retention.due(LATER_MS + Limits.UNCOMMITTED_KEEP_MS, GRACE_MS, Set.of(), 9))
                    .hasSize(3);
        }
    }
}
