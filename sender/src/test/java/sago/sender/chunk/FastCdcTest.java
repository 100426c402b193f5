package sago.sender.chunk;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sago.common.secret.SecretBytes;

class FastCdcTest {
    private static final ChunkerParameters SMALL = new ChunkerParameters(256, 1024, 4096);

    @Test
    void cutsFixedDataUnderAFixedKeyAtKnownPoints() {
        byte[] data = generated(40_000, 1);
        assertThat(lengths(chunker(1, SMALL), data))
                .containsExactly(
                        1313, 1111, 780, 1078, 1028, 1246, 1036, 259, 1011, 1175, 947, 1250, 1027, 1279, 1475, 1111,
                        1209, 1179, 1078, 1111, 1038, 1030, 1346, 2452, 1204, 400, 1099, 952, 1143, 1283, 1665, 1141,
                        1197, 1609, 738);
    }

    @Test
    void cutsLikeTheTextbookLoopThatTakesOneByteAStep() {
        for (int seed = 0; seed < 8; seed++) {
            byte[] data = generated(100_001 + seed, seed);
            FastCdc chunker = chunker(seed, SMALL);
            for (int offset = 0; offset < data.length; ) {
                int length = chunker.cut(data, offset, data.length - offset);
                assertThat(length).as("seed %d at %d", seed, offset).isEqualTo(textbookCut(seed, data, offset));
                offset += length;
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 255, 256, 257, 512, 1023, 1024, 1025, 2048, 4095, 4096, 4097, 8192})
    void takesNoMoreThanThereIsNorThanTheMaximum(int length) {
        byte[] zeros = new byte[length];
        int cut = chunker(4, SMALL).cut(zeros, 0, length);
        assertThat(cut).isEqualTo(Math.min(length, SMALL.maxBytes()));
        byte[] data = generated(length, 3);
        int cutData = chunker(4, SMALL).cut(data, 0, length);
        assertThat(cutData).isBetween(Math.min(length, SMALL.minBytes()), Math.min(length, SMALL.maxBytes()));
    }

    @Test
    void keepsLengthsWithinBoundsAndNearTheAverage() {
        byte[] data = generated(4 << 20, 4);
        List<Integer> lengths = lengths(chunker(4, SMALL), data);
        assertThat(lengths.subList(0, lengths.size() - 1))
                .allMatch(length -> length >= SMALL.minBytes() && length <= SMALL.maxBytes());
        assertThat(data.length / lengths.size()).isBetween(SMALL.avgBytes() * 3 / 4, SMALL.avgBytes() * 3 / 2);
    }

    @Test
    void findsItsCutsAgainBehindAnInsertedByte() {
        byte[] data = generated(200_000, 5);
        byte[] longer = new byte[data.length + 1];
        System.arraycopy(data, 0, longer, 0, 50_000);
        System.arraycopy(data, 50_000, longer, 50_001, data.length - 50_000);
        FastCdc chunker = chunker(5, SMALL);
        Set<Integer> before = new HashSet<>(ends(lengths(chunker, data)));
        List<Integer> after = ends(lengths(chunker, longer));
        long same = after.stream()
                .filter(end -> before.contains(end > 50_000 ? end - 1 : end))
                .count();
        assertThat(same).isGreaterThan(after.size() - 10L);
    }

    @Test
    void cutsElsewhereUnderAnotherKey() {
        byte[] data = generated(200_000, 6);
        Set<Integer> one = new HashSet<>(ends(lengths(chunker(1, SMALL), data)));
        List<Integer> other = ends(lengths(chunker(2, SMALL), data));
        assertThat(other.stream().filter(one::contains).count()).isLessThan(other.size() / 10);
    }

    @Test
    void dependsOnNothingBehindTheCut() {
        byte[] data = generated(9000, 7);
        FastCdc chunker = chunker(7, SMALL);
        int length = chunker.cut(data, 100, 4096);
        assertThat(chunker.cut(data, 100, 8900)).isEqualTo(length);
        Arrays.fill(data, 100 + length, data.length, (byte) 7);
        assertThat(chunker.cut(data, 100, 8900)).isEqualTo(length);
    }

    private static int textbookCut(int key, byte[] data, int offset) {
        GearTable table = table(key);
        int end = Math.min(data.length - offset, SMALL.maxBytes());
        long hash = 0;
        for (int i = SMALL.minBytes(); i < end; i++) {
            hash = (hash << 1) + table.word(data[offset + i] & 0xff);
            int bits = i < SMALL.avgBytes() ? 12 : 8;
            if (((hash >>> (63 - bits)) & ((1L << bits) - 1)) == 0) {
                return i + 1;
            }
        }
        return end;
    }

    private static FastCdc chunker(int key, ChunkerParameters parameters) {
        return new FastCdc(table(key), parameters);
    }

    private static GearTable table(int key) {
        byte[] bytes = new byte[32];
        Arrays.fill(bytes, (byte) key);
        return GearTable.derive(SecretBytes.of(bytes));
    }

    private static byte[] generated(int length, int seed) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    private static List<Integer> lengths(FastCdc chunker, byte[] data) {
        List<Integer> lengths = new ArrayList<>();
        for (int offset = 0; offset < data.length; ) {
            int length = chunker.cut(data, offset, data.length - offset);
            lengths.add(length);
            offset += length;
        }
        return lengths;
    }

    private static List<Integer> ends(List<Integer> lengths) {
        List<Integer> ends = new ArrayList<>();
        int end = 0;
        for (int length : lengths) {
            end += length;
            ends.add(end);
        }
        return ends;
    }
}
