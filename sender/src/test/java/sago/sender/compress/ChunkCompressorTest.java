package sago.sender.compress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.limits.Limits;

class ChunkCompressorTest {
    private final ChunkCompressor compressor = new ChunkCompressor();
    private final ChunkDecompressor decompressor = new ChunkDecompressor();

    @ParameterizedTest
    @ValueSource(ints = {1, 15, 16, 17, 4096, (64 << 10) - 1, 64 << 10, (64 << 10) + 1, 1 << 20, 4 << 20})
    void givesBackWhatItTook(int length) throws FaultException {
        for (byte[] data : new byte[][] {text(length), noise(length), new byte[length]}) {
            Codec codec = compressor.compress(data, 0, length);
            byte[] back = decompressor.decompress(
                    codec, compressor.stored(), compressor.storedOffset(), compressor.storedLength(), length);
            assertThat(back).isEqualTo(data);
            assertThat(compressor.storedLength()).isLessThanOrEqualTo(length);
        }
    }

    @ParameterizedTest
    @EnumSource(Codec.class)
    void usesTheCodecOfTheMomentAndIsReadBack(Codec codec) throws FaultException {
        for (int length : new int[] {1, 16, 17, 4096, 64 << 10, 4 << 20}) {
            try (ChunkCompressor one = new ChunkCompressor(() -> codec)) {
                for (byte[] data : new byte[][] {text(length), noise(length)}) {
                    Codec used = one.compress(data, 0, length);
                    assertThat(used).isIn(codec, Codec.RAW);
                    assertThat(decompressor.decompress(
                                    used, one.stored(), one.storedOffset(), one.storedLength(), length))
                            .isEqualTo(data);
                    assertThat(one.storedLength()).isLessThanOrEqualTo(length);
                }
                assertThat(one.compress(text(length), 0, length)).isEqualTo(length < 4096 ? Codec.RAW : codec);
            }
        }
    }

    @Test
    void triesNoCodecWhereNoneIsWanted() {
        try (ChunkCompressor one = new ChunkCompressor(() -> Codec.RAW)) {
            one.compress(text(100_000), 0, 100_000);
            assertThat(one.tried()).isZero();
        }
    }

    @Test
    void looksAgainAtOnceWhenAnotherCodecIsWanted() {
        Codec[] wanted = {Codec.LZ4};
        try (ChunkCompressor one = new ChunkCompressor(() -> wanted[0])) {
            // Of 64 symbols in no order LZ4 makes nothing, zstd three quarters.
            byte[] symbols = noise(100_000);
            for (int i = 0; i < symbols.length; i++) {
                symbols[i] = (byte) (' ' + (symbols[i] & 63));
            }
            for (int i = 0; i < 1000; i++) {
                assertThat(one.compress(symbols, 0, symbols.length)).isEqualTo(Codec.RAW);
            }
            wanted[0] = Codec.ZSTD;
            assertThat(one.compress(symbols, 0, symbols.length)).isEqualTo(Codec.ZSTD);
        }
    }

    @Test
    void writesFramesThatNameTheirLengthAndNoDictionary() {
        try (ChunkCompressor one = new ChunkCompressor(() -> Codec.ZSTD)) {
            one.compress(text(100_000), 0, 100_000);
            byte[] frame = Arrays.copyOf(one.stored(), one.storedLength());
            assertThat(Zstd.getFrameContentSize(frame)).isEqualTo(100_000);
            assertThat(Zstd.getDictIdFromFrame(frame)).isZero();
            assertThat(frame[4] & 0x04).as("no checksum").isZero();
        }
    }

    @Test
    void compressesTextAndStoresNoiseRaw() {
        assertThat(compressor.compress(text(100_000), 0, 100_000)).isEqualTo(Codec.LZ4);
        assertThat(compressor.storedLength()).isLessThan(50_000);
        assertThat(compressor.compress(noise(100_000), 0, 100_000)).isEqualTo(Codec.RAW);
        assertThat(compressor.storedLength()).isEqualTo(100_000);
    }

    @Test
    void storesRawWhatSavesLessThanASixteenth() {
        byte[] data = noise(16_000);
        Arrays.fill(data, 0, 800, (byte) 0);
        assertThat(compressor.compress(data, 0, data.length)).isEqualTo(Codec.RAW);
        Arrays.fill(data, 0, 2000, (byte) 0);
        assertThat(compressor.compress(data, 0, data.length)).isEqualTo(Codec.LZ4);
    }

    @ParameterizedTest
    @EnumSource(
            value = Codec.class,
            names = {"LZ4", "ZSTD"})
    void stopsTryingInAStreamThatDoesNotPayAndLooksAgainEverLessOften(Codec codec) {
        byte[] noise = noise(128 << 10);
        try (ChunkCompressor one = new ChunkCompressor(() -> codec)) {
            for (int chunk = 0; chunk < 1000; chunk++) {
                one.compress(noise, 0, noise.length);
            }
            assertThat(one.tried()).isBetween(10L, 40L);
        }
    }

    @Test
    void findsOutThatAStreamPaysAgain() {
        byte[] noise = noise(128 << 10);
        byte[] text = text(128 << 10);
        for (int chunk = 0; chunk < 1000; chunk++) {
            compressor.compress(noise, 0, noise.length);
        }
        int raw = 0;
        while (compressor.compress(text, 0, text.length) == Codec.RAW) {
            raw++;
        }
        assertThat(raw).isLessThanOrEqualTo(ChunkCompressor.BYPASS_CHUNKS_MAX);
        assertThat(compressor.compress(text, 0, text.length)).isEqualTo(Codec.LZ4);
    }

    @Test
    void startsEachStreamWithoutBypass() {
        byte[] noise = noise(128 << 10);
        for (int chunk = 0; chunk < 100; chunk++) {
            compressor.compress(noise, 0, noise.length);
        }
        compressor.beginStream();
        assertThat(compressor.compress(text(70_000), 0, 70_000)).isEqualTo(Codec.LZ4);
    }

    @Test
    void refusesAnotherRawLengthThanTheBlockGives() {
        byte[] text = text(5000);
        compressor.compress(text, 0, text.length);
        byte[] stored = Arrays.copyOf(compressor.stored(), compressor.storedLength());
        for (int raw : new int[] {0, 1, 4999, 5001, 10_000}) {
            assertFault(Fault.INTEGRITY, Codec.LZ4, stored, raw);
        }
        assertFault(Fault.INTEGRITY, Codec.RAW, stored, stored.length + 1);
    }

    @Test
    void refusesToTakeMemoryForAChunkAboveTheBound() {
        assertFault(Fault.LIMIT, Codec.LZ4, new byte[10], Limits.CHUNK_BYTES_MAX + 1);
        assertFault(Fault.LIMIT, Codec.LZ4, new byte[10], -1);
    }

    @Test
    void refusesCodecsThatItCannotRead() {
        assertThatThrownBy(() -> Codec.ofWireId(3)).extracting("fault").isEqualTo(Fault.VERSION);
        assertThatThrownBy(() -> Codec.ofWireId(255)).extracting("fault").isEqualTo(Fault.VERSION);
    }

    private void assertFault(Fault fault, Codec codec, byte[] stored, int raw) {
        assertThatThrownBy(() -> decompressor.decompress(codec, stored, 0, stored.length, raw))
                .isInstanceOf(FaultException.class)
                .extracting("fault")
                .isEqualTo(fault);
    }

    private static byte[] text(int length) {
        byte[] line = "2026-11-21T20:15:01Z sg accept: session opened, 4 connections, window 192 MiB\n"
                .getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        byte[] text = new byte[length];
        for (int i = 0; i < length; i++) {
            text[i] = line[i % line.length];
        }
        return text;
    }

    private static byte[] noise(int length) {
        byte[] noise = new byte[length];
        new Random(length).nextBytes(noise);
        return noise;
    }
}
