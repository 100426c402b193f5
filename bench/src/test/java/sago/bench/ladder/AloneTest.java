package sago.bench.ladder;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every byte goes through every step once. */
class AloneTest {
    @TempDir
    Path folder;

    private Path file(String name, int bytes, int seed) throws Exception {
        byte[] noise = new byte[bytes];
        new Random(seed).nextBytes(noise);
        return Files.write(folder.resolve(name), noise);
    }

    private Alone.Outcome run(List<Path> files) throws Exception {
        try (Alone alone = new Alone(Files.createDirectory(folder.resolve("work")))) {
            return alone.run(files.iterator());
        }
    }

    @Test
    void takesEveryByteThroughEveryStep() throws Exception {
        List<Path> files = new ArrayList<>();
        long bytes = 0;
        for (int length : new int[] {0, 1, 4096, 300_000, 9_000_000, 40_000_000}) {
            files.add(file("f" + length, length, length));
            bytes += length;
        }
        Alone.Outcome outcome = run(files);
        assertThat(outcome.plainBytes()).isEqualTo(bytes);
        // Incompressible: more than the plaintext by headers of records and segments alone.
        assertThat(outcome.storedBytes()).isBetween(bytes, bytes + bytes / 1000 + 4096);
        for (LadderStep step : LadderStep.values()) {
            assertThat(outcome.costs().seconds(step)).as(step.label()).isPositive();
        }
        assertThat(folder.resolve("work")).doesNotExist();
    }

    @Test
    void storesWhatItMeetsAgainOnlyOnce() throws Exception {
        Alone.Outcome outcome = run(List.of(file("one", 3_000_000, 1), file("two", 3_000_000, 1)));
        assertThat(outcome.plainBytes()).isEqualTo(6_000_000);
        assertThat(outcome.storedBytes()).isBetween(3_000_000L, 3_010_000L);
    }

    @Test
    void endsStretchesWhereFilesAndRegionsEnd() throws Exception {
        List<Path> files = List.of(file("a", 700_000, 1), file("b", 0, 2), file("c", 1_500_000, 3));
        List<Integer> ended = new ArrayList<>();
        try (FileFeed feed = new FileFeed(files.iterator(), 4 << 20, 1_000_000)) {
            assertThat(feed.fill(0)).isTrue();
            for (FileFeed.Stretch stretch : feed.stretches()) {
                assertThat(stretch.ends()).isTrue();
                ended.add(stretch.end() - stretch.start());
            }
            assertThat(feed.fill(feed.end())).isFalse();
        }
        assertThat(ended).containsExactly(700_000, 1_000_000, 500_000);
    }
}
