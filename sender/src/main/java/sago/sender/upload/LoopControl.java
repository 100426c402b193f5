package sago.sender.upload;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;

/** Control on an event loop. A mistake of ours in a task ends the session: nobody may wait for what no task will do any more. */
final class LoopControl implements Control {
    private static final Logger LOG = LoggerFactory.getLogger(LoopControl.class);

    private final EventExecutor loop;
    private final Consumer<FaultException> broken;

    /** @param broken hears FATAL, on the event loop, of a task that threw */
    LoopControl(EventExecutor loop, Consumer<FaultException> broken) {
        this.loop = loop;
        this.broken = broken;
    }

    @Override
    public void execute(Runnable task) {
        loop.execute(() -> run(task));
    }

    @Override
    public void schedule(Runnable task, long delayNs) {
        ScheduledFuture<?> unused = loop.schedule(() -> run(task), delayNs, TimeUnit.NANOSECONDS);
    }

    private void run(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | LinkageError e) {
            LOG.error("a task of an upload session failed", e);
            broken.accept(new FaultException(
                    Fault.FATAL, "the upload cannot go on after a mistake of this program: " + e, e));
        }
    }
}
