package sago.sender.compress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.limits.Limits;

class ZstdDecoderTest {
    private final ChunkDecompressor decompressor = new ChunkDecompressor();

    @AfterEach
    void close() {
        decompressor.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 255, 256, 4096, 1 << 20, 8 << 20})
    void givesBackAChunkOfAnyLength(int length) throws FaultException {
        byte[] data = data(length);
        byte[] frame = Zstd.compress(data, 1);
        assertThat(decompressor.decompress(Codec.ZSTD, frame, 0, frame.length, length))
                .isEqualTo(data);
    }

    @Test
    void writesIntoTheGivenRangeAlone() throws FaultException {
        byte[] data = data(5000);
        for (Codec codec : List.of(Codec.RAW, Codec.ZSTD)) {
            byte[] stored = codec == Codec.RAW ? data : Zstd.compress(data, 1);
            byte[] padded = new byte[stored.length + 20];
            System.arraycopy(stored, 0, padded, 10, stored.length);
            byte[] target = new byte[data.length + 14];
            Arrays.fill(target, (byte) 0x55);
            decompressor.decompress(codec, padded, 10, stored.length, target, 7, data.length);
            assertThat(Arrays.copyOfRange(target, 7, 7 + data.length)).isEqualTo(data);
            for (int i = 0; i < 7; i++) {
                assertThat(target[i]).isEqualTo((byte) 0x55);
                assertThat(target[target.length - 1 - i]).isEqualTo((byte) 0x55);
            }
        }
    }

    @Test
    void writesNothingBehindTheRawLengthWhateverTheFrameGives() {
        byte[] frame = Zstd.compress(data(5000), 1);
        byte[] target = new byte[6000];
        assertThatThrownBy(() -> decompressor.decompress(Codec.ZSTD, frame, 0, frame.length, target, 0, 1000))
                .extracting("fault")
                .isEqualTo(Fault.INTEGRITY);
        assertThat(Arrays.copyOfRange(target, 1000, 6000)).containsOnly(0);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4999, 5001, 10_000})
    void refusesAnotherRawLengthThanTheFrameGives(int rawLength) {
        byte[] frame = Zstd.compress(data(5000), 1);
        assertFault(Fault.INTEGRITY, frame, rawLength);
    }

    @Test
    void refusesAFrameThatDoesNotSayItsLengthAndGivesAnother() {
        byte[] frame = frame(data(5000), false);
        assertThat(Zstd.getFrameContentSize(frame)).isNegative();
        assertFault(Fault.INTEGRITY, frame, 4999);
        assertFault(Fault.INTEGRITY, frame, 5001);
    }

    @Test
    void takesAFrameThatDoesNotSayItsLength() throws FaultException {
        byte[] data = data(5000);
        byte[] frame = frame(data, false);
        assertThat(decompressor.decompress(Codec.ZSTD, frame, 0, frame.length, 5000))
                .isEqualTo(data);
    }

    @Test
    void refusesTwoFramesAndSkippableOnes() {
        byte[] frame = Zstd.compress(data(2500), 1);
        byte[] twice = join(frame, frame);
        assertFault(Fault.INTEGRITY, twice, 5000);
        byte[] skippable = {0x50, 0x2a, 0x4d, 0x18, 1, 0, 0, 0, 7};
        assertFault(Fault.INTEGRITY, join(skippable, frame), 2500);
        assertFault(Fault.INTEGRITY, join(frame, skippable), 2500);
    }

    @Test
    void refusesWhatIsNoFrameAndEveryFrameCutShort() {
        byte[] frame = Zstd.compress(data(300), 1);
        for (int length = 0; length < frame.length; length++) {
            assertFault(Fault.INTEGRITY, Arrays.copyOf(frame, length), 300);
        }
        assertFault(Fault.INTEGRITY, new byte[100], 300);
        assertFault(Fault.INTEGRITY, Arrays.copyOf(frame, frame.length + 1), 300);
    }

    @Test
    void refusesADictionary() {
        byte[] frame = Zstd.compress(data(300), 1);
        frame[4] |= 0x01;
        assertFault(Fault.VERSION, frame, 300);
    }

    @Test
    void refusesToTakeMemoryForAChunkAboveTheBound() {
        byte[] frame = Zstd.compress(data(300), 1);
        assertFault(Fault.LIMIT, frame, Limits.CHUNK_BYTES_MAX + 1);
        assertFault(Fault.LIMIT, frame, -1);
    }

    @Test
    void endsInAFaultOrInTheRightLengthWhateverTheBytesAre() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        byte[] data = data(3000);
        byte[] sound = Zstd.compress(data, 1);
        for (int i = 0; i < 20_000; i++) {
            byte[] frame = sound.clone();
            for (int flips = 1 + random.nextInt(3); flips > 0; flips--) {
                frame[random.nextInt(frame.length)] ^= (byte) (1 << random.nextInt(8));
            }
            try {
                assertThat(decompressor.decompress(Codec.ZSTD, frame, 0, frame.length, data.length))
                        .hasSize(data.length);
            } catch (FaultException e) {
                assertThat(e.fault()).as("seed " + seed).isIn(Fault.INTEGRITY, Fault.VERSION);
            }
        }
    }

    @Test
    void expandsInManyThreadsAtATime() throws Exception {
        byte[] data = data(100_000);
        byte[] frame = Zstd.compress(data, 1);
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<byte[]>> given = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                given.add(
                        threads.submit(() -> decompressor.decompress(Codec.ZSTD, frame, 0, frame.length, data.length)));
            }
            for (Future<byte[]> one : given) {
                assertThat(one.get()).isEqualTo(data);
            }
        } finally {
            threads.shutdown();
        }
    }

    private void assertFault(Fault fault, byte[] stored, int raw) {
        assertThatThrownBy(() -> decompressor.decompress(Codec.ZSTD, stored, 0, stored.length, raw))
                .isInstanceOf(FaultException.class)
                .extracting("fault")
                .isEqualTo(fault);
    }

    private static byte[] frame(byte[] data, boolean contentSize) {
        try (ZstdCompressCtx context = new ZstdCompressCtx()) {
            return context.setContentSize(contentSize).compress(data);
        }
    }

    private static byte[] join(byte[] first, byte[] second) {
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        joined.writeBytes(first);
        joined.writeBytes(second);
        return joined.toByteArray();
    }

    /** Half of it random words, so that frames have literals, sequences and tables. */
    private static byte[] data(int length) {
        Random random = new Random(length);
        byte[] data = new byte[length];
        for (int i = 0; i < length; i++) {
            data[i] = (byte) (i % 16 < 8 ? 'a' + i % 16 : 'a' + random.nextInt(20));
        }
        return data;
    }
}
