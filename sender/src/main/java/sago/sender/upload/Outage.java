package sago.sender.upload;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import sago.common.fault.FaultException;
import sago.common.time.Clock;

/**
 * Since when and why a session moves nothing, if so, and the end of the session where that lasts too long. Written under the session's control only,
 * read by any thread.
 */
final class Outage {
    private final Clock clock;
    private final Control control;
    private final long giveUpAfterNs;
    private final Consumer<FaultException> giveUp;
    private volatile @Nullable Since since;

    private record Since(Waiting.Kind kind, long startedNs, String reason) {}

    /** @param giveUp hears the end, under the control; never where {@code giveUpAfterNs} is {@link UploadPlan#NEVER_NS} */
    Outage(Clock clock, Control control, long giveUpAfterNs, Consumer<FaultException> giveUp) {
        this.clock = clock;
        this.control = control;
        this.giveUpAfterNs = giveUpAfterNs;
        this.giveUp = giveUp;
    }

    /** It has begun, unless it lasts already. */
    void begin(Waiting.Kind kind, String reason) {
        Since before = since;
        long startedNs = before == null ? clock.monotonicNs() : before.startedNs;
        since = new Since(kind, startedNs, reason);
        if (before == null && giveUpAfterNs != UploadPlan.NEVER_NS) {
            control.schedule(this::look, giveUpAfterNs);
        }
    }

    private void look() {
        Waiting waiting = now();
        if (waiting != null && waiting.forNs() >= giveUpAfterNs) {
            giveUp.accept(waiting.gaveUp());
        }
    }

    void end() {
        since = null;
    }

    boolean is(Waiting.Kind kind) {
        Since now = since;
        return now != null && now.kind == kind;
    }

    /** What is waited for, or null. */
    @Nullable
    Waiting now() {
        Since now = since;
        return now == null ? null : new Waiting(now.kind, clock.monotonicNs() - now.startedNs, now.reason);
    }
}
