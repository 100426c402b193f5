package sago.sender.pack;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ReadPatternTest {
    private static final int FRONT = 8;
    private static final int MAX = 32;

    private final ReadPattern pattern = new ReadPattern();

    private int note(int first, int last) {
        return pattern.note(first, last, FRONT, MAX);
    }

    @Test
    void whoReadsFromTheFrontIsServedFarAheadAtOnce() {
        assertThat(note(0, 0)).isEqualTo(FRONT);
        assertThat(note(1, 1)).isEqualTo(MAX);
        assertThat(note(2, 3)).isEqualTo(MAX);
    }

    @Test
    void aJumpFetchesNothingAndGoingOnFetchesMoreAndMore() {
        assertThat(note(50, 50)).isZero();
        assertThat(note(50, 51)).isEqualTo(2);
        assertThat(note(52, 52)).isEqualTo(8);
        assertThat(note(53, 53)).isEqualTo(MAX);
        assertThat(note(10, 10)).isZero();
    }

    @Test
    void severalChunksOfOneSegmentAreNoReasonToFetchMore() {
        assertThat(note(50, 50)).isZero();
        assertThat(note(50, 50)).isZero();
        assertThat(note(50, 51)).isEqualTo(2);
        assertThat(note(51, 51)).isEqualTo(2);
    }

    @Test
    void readersOfOnePackAreToldFromEachOther() {
        for (int reader = 0; reader < 4; reader++) {
            assertThat(note(20 + 30 * reader, 20 + 30 * reader)).isZero();
        }
        int[] ahead = {2, 8, MAX, MAX};
        for (int step = 1; step <= ahead.length; step++) {
            for (int reader = 0; reader < 4; reader++) {
                int segment = 20 + 30 * reader + step;
                assertThat(note(segment, segment)).isEqualTo(ahead[step - 1]);
            }
        }
    }
}
