package sago.bench.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class LinkLimitTest {
    private static final long MIB = 1 << 20;

    private final LinkLimit limit = new LinkLimit(2, 4 * MIB, 0);

    private static LinkLimit.Point point(int streams, double mibPerS, double rttS) {
        return new LinkLimit.Point(streams, 16 * MIB, mibPerS * MIB, rttS, 0.5);
    }

    @Test
    void blamesTheLinkWhereMoreConnectionsGainNothing() {
        LinkLimit.Point four = point(4, 110, 0.01);
        assertThat(limit.of(four, List.of(point(1, 60, 0.01), four, point(16, 111, 0.01))))
                .startsWith("link:");
    }

    @Test
    void blamesTheNumberWhereTheLargestStillGains() {
        LinkLimit.Point sixteen = point(16, 20, 0.2);
        assertThat(limit.of(sixteen, List.of(point(8, 10, 0.2), sixteen))).startsWith("number of connections:");
    }

    @Test
    void blamesSocketBuffersThatEachConnectionFills() {
        LinkLimit.Point four = point(4, 40, 0.2);
        assertThat(limit.of(four, List.of(point(2, 20, 0.2), four))).startsWith("socket buffers:");
    }

    @Test
    void blamesTheWindowThatEachConnectionFills() {
        LinkLimit.Point one = point(1, 78, 0.2);
        assertThat(limit.of(one, List.of(one))).startsWith("window:");
    }

    @Test
    void blamesTheProcessorBeforeAnythingElse() {
        LinkLimit.Point busy = new LinkLimit.Point(4, 16 * MIB, 2000.0 * MIB, 0.0001, 1.9);
        assertThat(limit.of(busy, List.of(busy))).startsWith("CPU:");
    }

    @Test
    void knowsARelayThatIsFull() {
        LinkLimit known = new LinkLimit(2, 4 * MIB, 50 * MIB);
        LinkLimit.Point full = point(4, 48, 0.1);
        assertThat(known.of(full, List.of(point(1, 20, 0.1), full))).startsWith("link: its rate");
    }
}
