package sago.receiver.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class EndWatchTest {
    private final CompletableFuture<Integer> halted = new CompletableFuture<>();

    @Test
    void haltsAReceiverThatWasToldToEndAndDoesNot() throws Exception {
        EndWatch watch = EndWatch.start(10, halted::complete);
        watch.ending();
        assertThat(halted.get(20, TimeUnit.SECONDS)).isEqualTo(1);
    }

    @Test
    void letsAReceiverRunAndOneThatEndsInTime() throws Exception {
        EndWatch running = EndWatch.start(0, halted::complete);
        EndWatch inTime = EndWatch.start(60_000, halted::complete);
        inTime.ending();
        inTime.ended();
        assertThat(halted).isNotDone();
        running.ended();
    }
}
