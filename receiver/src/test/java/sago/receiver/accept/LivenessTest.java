package sago.receiver.accept;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.limits.Limits;
import sago.common.protocol.Frame;
import sago.common.protocol.FrameType;
import sago.receiver.serve.Client;

final class LivenessTest {
    /** Remembers what it was told. */
    private static final class Listener implements Client {
        final List<Frame> sent = new ArrayList<>();
        final List<Fault> faults = new ArrayList<>();

        @Override
        public void send(Frame frame) {
            sent.add(frame);
        }

        @Override
        public boolean isWritable() {
            return true;
        }

        @Override
        public void fail(FaultException fault) {
            faults.add(fault.fault());
        }
    }

    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final Listener client = new Listener();
    private final Jobs jobs = new Jobs(task -> {}, client, () -> {});
    private final Liveness liveness = new Liveness(client, channel, jobs);

    LivenessTest() {
        channel.freezeTime();
        liveness.start();
    }

    private void rounds(int count) {
        for (int i = 0; i < count; i++) {
            channel.advanceTimeBy(Limits.PING_INTERVAL_MS, TimeUnit.MILLISECONDS);
            channel.runScheduledPendingTasks();
        }
    }

    @Test
    void asksASilentClientAndGivesItUpAfterNinetySeconds() {
        rounds(4);
        assertThat(client.sent).hasSize(4).allMatch(frame -> frame.type() == FrameType.PING);
        assertThat(client.faults).isEmpty();
        rounds(1);
        assertThat(client.faults).containsExactly(Fault.TIMEOUT);
    }

    @Test
    void keepsAClientThatAnswers() {
        for (int i = 0; i < 100; i++) {
            rounds(4);
            liveness.heard();
        }
        assertThat(client.faults).isEmpty();
    }

    @Test
    void doesNotBlameTheClientForItsOwnSleep() {
        channel.advanceTimeBy(10, TimeUnit.MINUTES);
        channel.runScheduledPendingTasks();
        assertThat(client.faults).isEmpty();
    }

    @Test
    void doesNotCountSilenceWhileItIsTooBusyToRead() {
        for (int i = 0; i < Jobs.PENDING_HIGH; i++) {
            jobs.anyTime(() -> {}, () -> {});
        }
        assertThat(jobs.isPressed()).isTrue();
        rounds(20);
        assertThat(client.faults).isEmpty();
    }

    @Test
    void endsWithItsConnection() {
        liveness.stop();
        rounds(20);
        assertThat(client.sent).isEmpty();
        assertThat(client.faults).isEmpty();
    }

    @Test
    void countsAsSilentOnceASignOfLifeWasAskedForInVain() {
        rounds(1);
        assertThat(liveness.isSilent()).isFalse();
        rounds(1);
        assertThat(liveness.isSilent()).isTrue();
        liveness.heard();
        assertThat(liveness.isSilent()).isFalse();
    }
}
