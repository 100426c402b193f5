package sago.receiver.retain;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sago.common.cli.Units;
import sago.common.fault.FaultException;
import sago.common.id.SessionId;
import sago.common.metrics.Meters;
import sago.common.time.Clock;
import sago.receiver.store.SiteStore;
import sago.receiver.store.SweepOutcome;

/**
 * Has the store swept: at the start, after commits and orders, when the next pack is due, and every hour, since clocks jump and sessions end.
 * One thread; everything public may be called from any.
 */
public final class Sweeper implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Sweeper.class);
    private static final long PERIOD_MS = TimeUnit.HOURS.toMillis(1);

    /** Not more often than that because of packs that come due one after the other. */
    private static final long PAUSE_MS = 200;

    private static final int STOP_SECONDS = 3;

    private final SiteStore store;
    private final Supplier<Set<SessionId>> live;
    private final Clock clock;
    private final Counter sweptPacks;
    private final Counter sweptBytes;
    private final AtomicLong unnamed = new AtomicLong();
    private final AtomicBoolean waiting = new AtomicBoolean();
    private final ScheduledThreadPoolExecutor thread;
    private @Nullable ScheduledFuture<?> next;

    private Sweeper(SiteStore store, Supplier<Set<SessionId>> live, MeterRegistry registry, Clock clock) {
        this.store = store;
        this.live = live;
        this.clock = clock;
        this.sweptPacks = registry.counter(Meters.SITE_SWEPT_PACKS);
        this.sweptBytes = registry.counter(Meters.SITE_SWEPT_BYTES);
        this.thread = new ScheduledThreadPoolExecutor(1, task -> new Thread(task, "sago-sweep"));
        thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        thread.setRemoveOnCancelPolicy(true);
        Gauge.builder(Meters.SITE_UNNAMED_PACKS, unnamed, AtomicLong::get)
                .strongReference(true)
                .register(registry);
    }

    /**
     * Starts the thread, which sweeps at once.
     *
     * @param live sessions that live now, whose packs stay
     */
    public static Sweeper start(SiteStore store, Supplier<Set<SessionId>> live, MeterRegistry registry, Clock clock) {
        Sweeper sweeper = new Sweeper(store, live, registry, clock);
        sweeper.soon();
        return sweeper;
    }

    /** Sweeps as soon as the thread is free; does not wait. */
    public void soon() {
        if (waiting.compareAndSet(false, true)) {
            try {
                thread.execute(this::run);
            } catch (RejectedExecutionException closing) {
                LOG.debug("no sweep any more, the site is closing");
            }
        }
    }

    private void run() {
        waiting.set(false);
        long delayMs = PERIOD_MS;
        try {
            delayMs = sweep();
        } catch (FaultException | RuntimeException e) {
            LOG.error("could not sweep packs that no snapshot names: {}", e.getMessage());
        } catch (Error e) {
            // The executor would keep it to itself, and nothing would ever be swept again without a word.
            Thread self = Thread.currentThread();
            self.getUncaughtExceptionHandler().uncaughtException(self, e);
            throw e;
        }
        again(delayMs);
    }

    /** Returns the time until there may be more to do. */
    private long sweep() throws FaultException {
        long packs = 0;
        long bytes = 0;
        SweepOutcome outcome;
        do {
            outcome = store.sweep(live);
            packs += outcome.packs();
            bytes += outcome.bytes();
            sweptPacks.increment(outcome.packs());
            sweptBytes.increment((double) outcome.bytes());
            unnamed.set(outcome.unnamed());
        } while (outcome.more() && !thread.isShutdown());
        if (packs > 0) {
            LOG.info(
                    "swept {} that no snapshot names, {}; {} more wait for their time",
                    Units.count(packs, "pack"),
                    Units.bytes(bytes),
                    Units.count(outcome.unnamed()));
        }
        long untilDueMs = outcome.nextDueMs().orElse(Long.MAX_VALUE) - clock.wallMs();
        return Math.max(PAUSE_MS, Math.min(PERIOD_MS, untilDueMs));
    }

    private void again(long delayMs) {
        if (next != null) {
            next.cancel(false);
        }
        try {
            next = thread.schedule(this::soon, delayMs, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException closing) {
            LOG.debug("no sweep any more, the site is closing");
        }
    }

    /** Waits a little for the sweep that is under way; what it leaves is completed at the next start. */
    @Override
    public void close() {
        thread.shutdown();
        boolean interrupted = false;
        try {
            if (!thread.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("the disk is too slow: files of swept packs are deleted at the next start");
            }
        } catch (InterruptedException e) {
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
