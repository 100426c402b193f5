package sago.sender.backup;

import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import sago.common.fault.Advice;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.time.Clock;
import sago.sender.upload.SessionOpening;
import sago.sender.upload.UploadSession;
import sago.sender.upload.Waiting;

/**
 * Opens the session of a run. A site that does not answer is tried once: whoever starts a backup by hand wants to know. Where a limit of
 * waiting was given, as in a timetable, it is tried until then. Used by one thread; {@link #waiting} by any.
 */
final class SessionOpener {
    private final BackupTarget target;
    private final Clock clock;
    private final Patience patience;
    private volatile @Nullable FaultException last;
    private final long startedNs;

    SessionOpener(BackupTarget target, Clock clock, Patience patience) {
        this.target = target;
        this.clock = clock;
        this.patience = patience;
        this.startedNs = clock.monotonicNs();
    }

    BackupTarget.Session open(SessionOpening opening, UploadSession.Listeners listeners)
            throws FaultException, InterruptedException {
        while (true) {
            try {
                BackupTarget.Session session = target.open(opening, listeners);
                last = null;
                return session;
            } catch (FaultException e) {
                if (!patience.isLimited()
                        || e.fault().advice() == Advice.STOP
                        || e.fault() == Fault.INTERRUPTED
                        || e.fault() == Fault.HOME_FULL) {
                    throw e;
                }
                last = e;
            }
            Waiting waiting = waiting();
            if (waiting != null && waiting.forNs() >= patience.giveUpAfterNs()) {
                throw waiting.gaveUp();
            }
            long leftNs = patience.giveUpAfterNs() - (clock.monotonicNs() - startedNs);
            TimeUnit.NANOSECONDS.sleep(Math.max(1, Math.min(leftNs, patience.retryNs())));
        }
    }

    /** What is waited for, or null. */
    @Nullable
    Waiting waiting() {
        FaultException fault = last;
        return fault == null ? null : Waiting.away(clock.monotonicNs() - startedNs, fault);
    }
}
