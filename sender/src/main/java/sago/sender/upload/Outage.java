package sago.sender.upload;

import org.jspecify.annotations.Nullable;
import sago.common.time.Clock;

/** Since when and why a session moves nothing, if so. Written under the session's control only, read by any thread. */
final class Outage {
    private final Clock clock;
    private volatile @Nullable Since since;

    private record Since(Waiting.Kind kind, long startedNs, String reason) {}

    Outage(Clock clock) {
        this.clock = clock;
    }

    /** It has begun, unless it lasts already. */
    void begin(Waiting.Kind kind, String reason) {
        Since before = since;
        long startedNs = before == null ? clock.monotonicNs() : before.startedNs;
        since = new Since(kind, startedNs, reason);
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
