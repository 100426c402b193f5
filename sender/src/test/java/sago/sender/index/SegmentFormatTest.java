package sago.sender.index;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sago.common.durable.Disk;
import sago.common.durable.DurableFiles;
import sago.common.id.PackId;
import sago.sender.pack.ChunkId;
import sago.sender.pack.ChunkKind;
import sago.sender.pack.ChunkRef;
import sago.sender.pack.PackedChunk;

/** The bytes of docs/FORMAT.md. */
class SegmentFormatTest {
    private static final HexFormat HEX = HexFormat.of();

    private static final String GOLDEN_HEADER_CRC = "56eefcf7";
    private static final String GOLDEN_BUCKET_CRC = "6716a151";
    private static final String GOLDEN_LOG_CRC = "df32de47";

    @TempDir
    Path folder;

    private final DurableFiles files = new DurableFiles(Disk.real());

    @Test
    void pinsTheBytesOfARow() {
        ChunkId id = new ChunkId(0x0102030405060708L, 0x1112131415161718L, 3, 4);
        ByteBuffer row = ByteBuffer.allocate(IndexRow.BYTES);
        IndexRow.write(row, id, new ChunkRef(new PackId(7, 8), 0x10, 0x20, 0x30, id.check()));
        assertThat(HEX.formatHex(row.array(), 0, 44))
                .isEqualTo("0102030405060708111213141516171800000000000000070000000000000008" + "00000010" + "00000020"
                        + "00000030");
        for (int at = 0; at < IndexRow.BYTES; at++) {
            ByteBuffer flipped = ByteBuffer.wrap(row.array().clone());
            flipped.put(at, (byte) (flipped.get(at) ^ 4));
            assertThat(IndexRow.read(flipped, 0, id)).isNull();
        }
    }

    @Test
    void pinsTheBytesOfSegmentAndLog() throws Exception {
        Path index = folder.resolve("set");
        try (SegmentIndex open = SegmentIndex.open(index, files, new IndexBounds(2, 12))) {
            open.insert(List.of(chunk(0x8000000000000000L, 2), chunk(0x0102030405060708L, 1), chunk(3, 3)));
        }
        byte[] segment = Files.readAllBytes(index.resolve("0000000000000000-0000000000000000.segment"));
        assertThat(segment).hasSize(8192 + 2 * 48);
        assertThat(HEX.formatHex(segment, 0, 40))
                .isEqualTo("5341474f49445801" + "00000001" + "00000001" + "0000000000000002" + "0000000000000000"
                        + "0000000000000000");
        assertThat(HEX.formatHex(segment, 40, 44)).isEqualTo(GOLDEN_HEADER_CRC);
        assertThat(segment)
                .satisfies(
                        bytes -> assertThat(Arrays.copyOfRange(bytes, 44, 4096)).containsOnly(0));
        assertThat(HEX.formatHex(segment, 4096, 4096 + 64))
                .isEqualTo("0000000000000000" + "00000002" + "0000000000000006" + "0000000000000001".repeat(5)
                        + GOLDEN_BUCKET_CRC);
        assertThat(Arrays.copyOfRange(segment, 4096 + 64, 8192)).containsOnly(0);
        assertThat(HEX.formatHex(segment, 8192, 8192 + 8)).isEqualTo("0102030405060708");
        assertThat(HEX.formatHex(segment, 8192 + 48, 8192 + 56)).isEqualTo("8000000000000000");

        byte[] log = Files.readAllBytes(index.resolve("0000000000000001.log"));
        assertThat(log).hasSize(48 + 48);
        assertThat(HEX.formatHex(log, 0, 24))
                .isEqualTo("5341474f49445802" + "00000001" + "0000000000000001" + GOLDEN_LOG_CRC);
        assertThat(Arrays.copyOfRange(log, 24, 48)).containsOnly(0);
        assertThat(HEX.formatHex(log, 48, 64)).isEqualTo("00000000000000030000000000000003");
    }

    @Test
    void bucketsAscendWithKeysToTheLast() {
        for (int buckets : new int[] {1, 2, 3, 1000, Integer.MAX_VALUE}) {
            SegmentLayout layout = new SegmentLayout(buckets, 1, LogRange.of(0));
            assertThat(layout.bucketOf(0)).isZero();
            assertThat(layout.bucketOf(-1)).isEqualTo(buckets - 1);
            assertThat(layout.bucketOf(Long.MAX_VALUE)).isEqualTo((buckets - 1) / 2);
        }
    }

    @Test
    void aBucketSaysOfNearlyAllAbsentKeysThatTheyAreAbsent() throws Exception {
        Random random = new Random(3);
        int passed = 0;
        for (int round = 0; round < 300; round++) {
            ByteBuffer bucket = ByteBuffer.allocate(SegmentLayout.BUCKET_BYTES);
            for (int row = 0; row < 32; row++) {
                long low = random.nextLong();
                for (int word = 0; word < SegmentLayout.FILTER_WORDS; word++) {
                    int at = SegmentLayout.FILTER_AT + word * Long.BYTES;
                    bucket.putLong(at, bucket.getLong(at) | SegmentLayout.filterBit(low, word));
                }
                assertThat(SegmentLayout.mayHold(bucket, new ChunkId(0, low, 0, 0)))
                        .isTrue();
            }
            for (int absent = 0; absent < 100; absent++) {
                passed += SegmentLayout.mayHold(bucket, new ChunkId(0, random.nextLong(), 0, 0)) ? 1 : 0;
            }
        }
        assertThat(passed).isLessThan(300);
    }

    private static PackedChunk chunk(long high, long low) {
        ChunkId id = new ChunkId(high, low, 0, 0);
        return new PackedChunk(id, ChunkKind.DATA, new ChunkRef(new PackId(7, 8), 1, 2, 3, id.check()));
    }
}
