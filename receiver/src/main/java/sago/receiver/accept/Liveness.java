package sago.receiver.accept;

import io.netty.channel.Channel;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.limits.Limits;
import sago.common.proto.Ping;
import sago.receiver.serve.Client;

/**
 * Asks a silent client for a sign of life and gives it up after a while. Silence is counted in rounds of this process, not by the clock, so that a site that was
 * itself stopped for minutes does not blame its clients. A site that does not read because it is busy hears nothing, which is not
 * the client's silence either. Event-loop confined, but {@link #isSilent} may be asked by any thread.
 */
final class Liveness {
    private static final int SILENT_ROUNDS_MAX = (int) (Limits.SILENCE_TIMEOUT_MS / Limits.PING_INTERVAL_MS);

    /** After the first silent round the client was asked for a sign of life; in the second it could have answered. */
    private static final int UNANSWERED_ROUNDS = 2;

    private final Client client;
    private final Channel channel;
    private final Jobs jobs;
    private @Nullable ScheduledFuture<?> rounds;
    private volatile int silentRounds;
    private long unsentBytes;
    private long pings;

    Liveness(Client client, Channel channel, Jobs jobs) {
        this.client = client;
        this.channel = channel;
        this.jobs = jobs;
    }

    void start() {
        rounds = channel.eventLoop()
                .scheduleWithFixedDelay(
                        this::round, Limits.PING_INTERVAL_MS, Limits.PING_INTERVAL_MS, TimeUnit.MILLISECONDS);
    }

    void stop() {
        if (rounds != null) {
            rounds.cancel(false);
        }
    }

    /** A frame came. */
    void heard() {
        silentRounds = 0;
    }

    /** Whether nothing was heard for one to two rounds, although the client was asked. */
    boolean isSilent() {
        return silentRounds >= UNANSWERED_ROUNDS;
    }

    private void round() {
        long unsent = channel.bytesBeforeWritable();
        boolean takesAnswers = unsent != unsentBytes;
        unsentBytes = unsent;
        int silent = jobs.isPressed() || takesAnswers ? 1 : silentRounds + 1;
        silentRounds = silent;
        if (silent > SILENT_ROUNDS_MAX) {
            client.fail(new FaultException(
                    Fault.TIMEOUT, "no sign of life for " + Limits.SILENCE_TIMEOUT_MS / 1000 + " s; connect again"));
        } else if (channel.isWritable()) {
            client.send(Ping.newBuilder().setId(++pings).build());
        }
    }
}
