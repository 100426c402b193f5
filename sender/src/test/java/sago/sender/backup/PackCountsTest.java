package sago.sender.backup;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import sago.common.id.PackId;

class PackCountsTest {
    @Test
    void countsLikeAMapWhateverTheIds() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        Map<PackId, Long> expected = new HashMap<>();
        PackCounts counts = new PackCounts();
        for (int i = 0; i < 50_000; i++) {
            // Few values of each half: rows collide, and halves alone are equal.
            PackId pack = new PackId(random.nextInt(90), random.nextInt(90));
            long bytes = 1L + random.nextInt(1000);
            counts.add(pack, bytes);
            expected.merge(pack, bytes, Long::sum);
        }
        assertThat(counts.toMap()).as("seed %d", seed).isEqualTo(expected);
        assertThat(counts.size()).isEqualTo(expected.size());
        counts.clear();
        assertThat(counts.toMap()).isEmpty();
        assertThat(counts.size()).isZero();
    }
}
