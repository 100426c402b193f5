package sago.sender.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import net.openhft.chronicle.queue.ExcerptTailer;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueue;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueBuilder;
import net.openhft.chronicle.wire.DocumentContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sago.common.durable.Disk;
import sago.common.durable.DiskFile;
import sago.common.durable.DurableFiles;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.limits.Limits;
import sago.sender.checkpoint.JournalRecord.Place;
import sago.sender.pack.ChunkKind;
import sago.sender.tree.Entry;

/** The bytes of docs/FORMAT.md, and that the queue's own reader finds the same messages as ours. */
class RecordsTest {
    @TempDir
    Path temp;

    private static String hex(Draft draft, int number) {
        return HexFormat.of().formatHex(RecordLayout.encode(draft, number));
    }

    private static final Entry LARGE = Samples.scanned(5, 4000, 1_700_000_001L);

    @Test
    void bytesOfEachRecordAreThoseOfTheFormat() {
        String session = "0000000000000001" + "0000000000000002";
        String pack = "0000000000000007" + "0000000000000001";
        String chunkId = "0000000000000001" + "0000000000000000" + "0000000000000003" + "0000000000000004";
        assertThat(hex(Records.run(Samples.SESSION, 0x0102030405060708L), 3))
                .isEqualTo("01020000" + "00000003" + "4cf0d0e9" + session + "0102030405060708");
        assertThat(hex(
                        Records.sealed(Samples.SESSION, Samples.pack(1), Samples.chunks(1, 1, ChunkKind.TREE))
                                .get(0),
                        4))
                .isEqualTo("02020000" + "00000004" + "c8d101b4" + session
                        + (pack + "0000000000100000" + "00".repeat(32))
                        + "00000001" + "00000000"
                        + (chunkId + "02" + "00000000" + "00000384" + "000003e8"));
        assertThat(hex(Records.acknowledged(Samples.pack(1).id(), 0x1122L), 5))
                .isEqualTo("03020000" + "00000005" + "285e41ff" + pack + "0000000000001122");
        assertThat(hex(Records.files(9, List.of(Samples.file(1, 1))).get(0), 6))
                .isEqualTo("04020000" + "00000006" + "4f8e35f6" + "0000000000000009"
                        + ("08011a10" + pack)
                        + "224b120d64617461003030303030303031180120a4033880c49fd50c40054882c49fd50c50065801"
                        + "608110680170e8078a010100920101009a01028407a20102e807aa01084d00000000000000");
        assertThat(hex(
                        Records.region(9, FinishedItem.region(LARGE, 1000, Samples.extents(1000), Samples.refs(1, 1))),
                        7))
                .isEqualTo("05020000" + "00000007" + "91d203b8" + "0000000000000009" + "00000000000003e8"
                        + "0000000000000fa0"
                        + "0000002f" + "0801222b120d64617461003030303030303035180120a4033880c49fd50c4005"
                        + "4882c49fd50c500658056081106801"
                        + "00000002" + "00000000000003e8" + "0000000000000190" + "00000000000005dc"
                        + "0000000000000258"
                        + ("08011210" + pack) + "1a01002201002a0284073202e8073a084d00000000000000");
        assertThat(hex(Records.merged(0x33), 8)).isEqualTo("06020000" + "00000008" + "315de9dc" + "0000000000000033");
        assertThat(hex(Records.mergedEnd(new Records.Totals(1, 2)), 9))
                .isEqualTo("07020000" + "00000009" + "f898afdd" + "0000000000000001" + "0000000000000002");
    }

    @Test
    void regionComesBackAsItWas() throws FaultException {
        FinishedItem region = FinishedItem.region(LARGE, 1000, Samples.extents(1000), Samples.refs(1, 300));
        ByteBuffer payload = Records.region(9, region).payload().asReadOnlyByteBuffer();
        JournalRecord record = new JournalRecord(RecordType.REGION, new Place(0, 0), payload);
        assertThat(Records.item(record)).isEqualTo(9);
        assertThat(Records.finished(record)).containsExactly(region);
    }

    @Test
    void refusesPayloadsOfEveryOtherLength() {
        byte[] run = Records.run(Samples.SESSION, 1).payload().toByteArray();
        for (int length : new int[] {0, 1, run.length - 1, run.length + 1, 2 * run.length}) {
            assertThatExceptionOfType(FaultException.class)
                    .isThrownBy(() -> Records.run(ByteBuffer.wrap(Arrays.copyOf(run, length))))
                    .satisfies(e -> assertThat(e.fault()).isEqualTo(Fault.INTEGRITY));
        }
    }

    @Test
    void largestRecordIsWrittenAndLongerOnesAreRefused() throws IOException {
        int most = Limits.CHECKPOINT_RECORD_BYTES_MAX - RecordLayout.HEADER_BYTES;
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> new Draft(RecordType.FILES, ByteString.copyFrom(new byte[most + 1])));
        List<Integer> lengths = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            lengths.add(most - i);
        }
        assertThat(written(lengths)).isEqualTo(lengths);
    }

    @Test
    void tailerOfTheQueueFindsTheSameMessages() throws IOException {
        List<Integer> lengths = new ArrayList<>();
        for (int i = 0; i < 3000; i++) {
            lengths.add(i % 100 == 0 ? 300_000 + i : i % 57);
        }
        assertThat(written(lengths)).isEqualTo(lengths);
        List<Integer> tailed = new ArrayList<>();
        try (SingleChronicleQueue queue = SingleChronicleQueueBuilder.binary(temp)
                        .rollCycle(OneFileCycle.INSTANCE)
                        .timeProvider(() -> 0)
                        .blockSize(QueueFile.BLOCK_BYTES)
                        .build();
                ExcerptTailer tailer = queue.createTailer()) {
            while (true) {
                try (DocumentContext message = tailer.readingDocument()) {
                    if (!message.isPresent()) {
                        break;
                    }
                    tailed.add((int) message.wire().bytes().readRemaining() - RecordLayout.HEADER_BYTES);
                }
            }
        }
        assertThat(tailed).isEqualTo(lengths);
    }

    @Test
    void neverMapsBeyondTheRoomThatItMade() throws IOException {
        written(List.of(1, 2, 3));
        try (RandomAccessFile file =
                new RandomAccessFile(temp.resolve(OneFileCycle.FILE).toFile(), "r")) {
            assertThat(file.length()).isEqualTo(QueueFile.BLOCK_BYTES + QueueFile.OVERLAP_BYTES);
        }
    }

    /** Writes records of these payload lengths, and reads the lengths back. */
    private List<Integer> written(List<Integer> lengths) throws IOException {
        DurableFiles files = new DurableFiles(Disk.real());
        try (QueueFile queue = QueueFile.create(temp, files)) {
            for (int length : lengths) {
                queue.append(List.of(new Draft(RecordType.FILES, ByteString.copyFrom(new byte[length]))));
            }
            List<Integer> read = new ArrayList<>();
            try (DiskFile file = queue.openRead()) {
                RecordReader reader = new RecordReader(file, new Place(0, 0));
                for (JournalRecord record = reader.next(); record != null; record = reader.next()) {
                    read.add(record.payload().remaining());
                }
                assertThat(reader.damaged()).isFalse();
                assertThat(reader.place()).isEqualTo(queue.place());
            }
            return read;
        }
    }
}
