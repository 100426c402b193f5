package sago.sender.upload;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class UploadStateTest {
    @ParameterizedTest
    @EnumSource
    void nothingFollowsAnEnd(UploadState next) {
        assertThat(UploadState.DONE.mayBecome(next)).isFalse();
        assertThat(UploadState.FAILED.mayBecome(next)).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void everyLivingStateMayFail(UploadState state) {
        assertThat(state.mayBecome(UploadState.FAILED)).isEqualTo(!state.isEnd());
    }

    @Test
    void theFirstConnectionIsNotTriedAgain() {
        assertThat(UploadState.OPENING.mayBecome(UploadState.RECONNECTING)).isFalse();
    }

    @Test
    void waitsGrowFromAFifthOfASecondToTenSecondsWithJitter() {
        Backoff backoff = new Backoff(new Random(5));
        long stepNs = Backoff.FIRST_NS;
        for (int i = 0; i < 20; i++) {
            assertThat(backoff.nextNs()).isBetween(stepNs / 2, stepNs);
            stepNs = Math.min(Backoff.MAX_NS, 2 * stepNs);
        }
        assertThat(stepNs).isEqualTo(Backoff.MAX_NS);
        backoff.reset();
        assertThat(backoff.nextNs()).isBetween(Backoff.FIRST_NS / 2, Backoff.FIRST_NS);
    }
}
