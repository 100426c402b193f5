package sago.sender.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FolderNamesTest {
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 100, 5_000, 50_000})
    void givesAllNamesInOrderOutOfLittleMemory(int count) {
        long seed = new Random().nextLong();
        System.out.println("seed " + seed);
        List<byte[]> folder = folder(new Random(seed), count);
        int[] listings = {0};
        FolderNames names = new FolderNames(
                into -> {
                    listings[0]++;
                    give(folder, into);
                },
                64 << 10);

        List<byte[]> taken = new ArrayList<>();
        for (byte[] name = names.take(); name != null; name = names.take()) {
            assertThat(names.heldBytes()).isLessThanOrEqualTo(2 * (64 << 10));
            taken.add(name);
        }

        List<byte[]> sorted = new ArrayList<>(folder);
        sorted.sort(Arrays::compareUnsigned);
        assertThat(taken).hasSize(count);
        for (int i = 0; i < count; i++) {
            assertThat(taken.get(i)).isEqualTo(sorted.get(i));
        }
        assertThat(listings[0]).isLessThanOrEqualTo(2 + count / 1000);
        assertThat(names.take()).isNull();
    }

    @Test
    void namesThatComeAndGoBetweenListingsAreGivenOnceAtMost() {
        List<byte[]> folder = folder(new Random(7), 10_000);
        FolderNames names = new FolderNames(into -> give(folder, into), 16 << 10);
        byte[] last = names.take();
        int taken = 1;
        byte[] late = {0x01};
        folder.add(late);
        folder.add(folder.get(0));
        for (byte[] name = names.take(); name != null; name = names.take()) {
            assertThat(Arrays.compareUnsigned(last, name)).isNegative();
            last = name;
            taken++;
        }
        assertThat(taken).isEqualTo(10_000);
    }

    private static void give(List<byte[]> folder, FolderNames into) {
        for (byte[] name : folder) {
            into.add(ByteBuffer.wrap(name), 0, name.length);
        }
    }

    /** Different names that begin with a letter, in no order. */
    private static List<byte[]> folder(Random random, int count) {
        TreeSet<byte[]> folder = new TreeSet<>(Arrays::compareUnsigned);
        while (folder.size() < count) {
            byte[] name = new byte[1 + random.nextInt(random.nextInt(20) == 0 ? 255 : 20)];
            random.nextBytes(name);
            name[0] = (byte) ('a' + random.nextInt(26));
            folder.add(name);
        }
        List<byte[]> shuffled = new ArrayList<>(folder);
        Collections.shuffle(shuffled, random);
        return shuffled;
    }
}
