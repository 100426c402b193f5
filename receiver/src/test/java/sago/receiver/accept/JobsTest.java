package sago.receiver.accept;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.protocol.Frame;
import sago.receiver.serve.Client;

final class JobsTest {
    /** A client that can stop taking answers. */
    private static final class Reader implements Client {
        final List<Fault> faults = new ArrayList<>();
        boolean writable = true;

        @Override
        public void send(Frame frame) {
            frame.release();
        }

        @Override
        public boolean isWritable() {
            return writable;
        }

        @Override
        public void fail(FaultException fault) {
            faults.add(fault.fault());
        }
    }

    private final Deque<Runnable> pool = new ArrayDeque<>();
    private final Reader client = new Reader();
    private final List<Boolean> pressure = new ArrayList<>();
    private final List<String> done = new ArrayList<>();
    private final Jobs jobs = newJobs(pool::add);

    private Jobs newJobs(Executor executor) {
        Jobs[] made = new Jobs[1];
        made[0] = new Jobs(executor, client, () -> pressure.add(made[0].isPressed()));
        return made[0];
    }

    private void runAll() {
        for (Runnable task = pool.poll(); task != null; task = pool.poll()) {
            task.run();
        }
    }

    @Test
    void answersInOrderOneAtATime() {
        jobs.inOrder(() -> done.add("a"));
        jobs.inOrder(() -> done.add("b"));
        assertThat(pool).hasSize(1);
        runAll();
        assertThat(done).containsExactly("a", "b");
        assertThat(jobs.pending()).isZero();
    }

    @Test
    void waitsForWorkThatGoesOnElsewhere() {
        List<Runnable> elsewhere = new ArrayList<>();
        jobs.inOrderLater(elsewhere::add);
        jobs.inOrder(() -> done.add("after"));
        runAll();
        assertThat(done).isEmpty();
        elsewhere.get(0).run();
        elsewhere.get(0).run();
        runAll();
        assertThat(done).containsExactly("after");
        assertThat(jobs.pending()).isZero();
    }

    @Test
    void waitsForAClientThatDoesNotTakeItsAnswers() {
        client.writable = false;
        jobs.inOrder(() -> done.add("a"));
        runAll();
        assertThat(done).isEmpty();
        client.writable = true;
        jobs.proceed();
        runAll();
        assertThat(done).containsExactly("a");
    }

    @Test
    void saysWhenNoMoreShouldBeReadAndWhenAgain() {
        for (int i = 0; i < Jobs.PENDING_HIGH; i++) {
            jobs.anyTime(() -> {}, () -> {});
        }
        assertThat(pressure).containsExactly(true);
        runAll();
        assertThat(pressure).containsExactly(true, false);
    }

    @Test
    void readsNoMoreWhileAFewRequestsWaitForTheirTurn() {
        client.writable = false;
        for (int i = 0; i <= Jobs.ORDERED_HIGH; i++) {
            jobs.inOrder(() -> done.add("x"));
        }
        assertThat(jobs.isPressed()).isTrue();
        client.writable = true;
        jobs.proceed();
        runAll();
        assertThat(jobs.isPressed()).isFalse();
        assertThat(done).hasSize(Jobs.ORDERED_HIGH + 1);
    }

    @Test
    void tellsTheClientWhatFailedAndGoesOn() {
        jobs.inOrder(() -> {
            throw new FaultException(Fault.NOT_FOUND, "not here");
        });
        jobs.inOrder(() -> {
            throw new IllegalStateException("a mistake of the test");
        });
        jobs.inOrder(() -> done.add("next"));
        runAll();
        assertThat(client.faults).containsExactly(Fault.NOT_FOUND, Fault.FATAL);
        assertThat(done).containsExactly("next");
    }

    @Test
    void dropsWhatNoThreadWillEverRun() {
        Jobs stopping = newJobs(task -> {
            throw new RejectedExecutionException("stopping");
        });
        stopping.anyTime(() -> done.add("run"), () -> done.add("dropped"));
        assertThat(done).containsExactly("dropped");
        assertThat(stopping.pending()).isZero();
    }
}
