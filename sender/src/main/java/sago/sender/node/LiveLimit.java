package sago.sender.node;

import java.io.IOException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import sago.common.time.Clock;
import sago.sender.upload.RateLimit;
import sago.sender.upload.RateSource;

/**
 * The rate of a running backup: that of the home's {@link LimitFile}, or where there is none the one that the backup was started with. A thread of
 * its own looks at file and time every second, so that whoever asks for the rate never waits for a disk. A file that cannot be
 * read changes nothing.
 */
final class LiveLimit implements RateSource, AutoCloseable {
    private static final long LOOK_AGAIN_NS = TimeUnit.SECONDS.toNanos(1);

    private final LimitFile file;
    private final RateLimit byDefault;
    private final Clock clock;
    private final ZoneId zone;
    private final Consumer<String> warnings;
    private final ScheduledExecutorService looking = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "limit");
        thread.setDaemon(true);
        return thread;
    });

    /** What the file said when it could be read last. */
    private RateLimit limit;

    private String warned = "";
    private volatile long bytesPerSecond;

    LiveLimit(LimitFile file, RateLimit byDefault, Clock clock, ZoneId zone, Consumer<String> warnings) {
        this.file = file;
        this.byDefault = byDefault;
        this.clock = clock;
        this.zone = zone;
        this.warnings = warnings;
        this.limit = byDefault;
        look();
    }

    /** Looks every second from now on. */
    LiveLimit start() {
        ScheduledFuture<?> unused =
                looking.scheduleWithFixedDelay(this::look, LOOK_AGAIN_NS, LOOK_AGAIN_NS, TimeUnit.NANOSECONDS);
        return this;
    }

    /** Takes over what file and time say now. Not called by two threads at once. */
    void look() {
        try {
            limit = file.read().orElse(byDefault);
            warned = "";
        } catch (IOException e) {
            String why = String.valueOf(e.getMessage());
            if (!why.equals(warned)) {
                warned = why;
                warnings.accept("the limit stays as it was: " + why);
            }
        }
        bytesPerSecond = limit.bytesPerSecond(LocalDateTime.ofInstant(Instant.ofEpochMilli(clock.wallMs()), zone));
    }

    @Override
    public long bytesPerSecond() {
        return bytesPerSecond;
    }

    @Override
    public void close() {
        looking.shutdownNow();
    }
}
