package sago.sender.upload;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** Control on an event loop. */
final class LoopControl implements Control {
    private final EventExecutor loop;

    LoopControl(EventExecutor loop) {
        this.loop = loop;
    }

    @Override
    public void execute(Runnable task) {
        loop.execute(task);
    }

    @Override
    public void schedule(Runnable task, long delayNs) {
        // As a task of its own, so that an exception of it is logged as those of others.
        ScheduledFuture<?> unused = loop.schedule(() -> loop.execute(task), delayNs, TimeUnit.NANOSECONDS);
    }
}
