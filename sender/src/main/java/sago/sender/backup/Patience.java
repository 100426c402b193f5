package sago.sender.backup;

import java.util.concurrent.TimeUnit;
import sago.sender.upload.UploadPlan;

/**
 * How long a run waits for what passes by itself.
 *
 * @param retryNs until it tries again
 * @param giveUpAfterNs until the run ends with INTERRUPTED; {@link UploadPlan#NEVER_NS} for never
 */
public record Patience(long retryNs, long giveUpAfterNs) {
    /** Whoever makes room on a disk, or starts a receiver, hardly notices; and neither is asked all the time. */
    private static final long RETRY_NS = TimeUnit.SECONDS.toNanos(3);

    public static final Patience ENDLESS = of(UploadPlan.NEVER_NS);

    public Patience {
        if (retryNs <= 0 || giveUpAfterNs <= 0) {
            throw new IllegalArgumentException("retry after " + retryNs + " ns, give up after " + giveUpAfterNs);
        }
    }

    public static Patience of(long giveUpAfterNs) {
        return new Patience(RETRY_NS, giveUpAfterNs);
    }

    /** Whether somebody said when to give up: then even a site that was never reached is waited for. */
    boolean isLimited() {
        return giveUpAfterNs != UploadPlan.NEVER_NS;
    }
}
