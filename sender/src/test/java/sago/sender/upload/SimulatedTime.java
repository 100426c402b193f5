package sago.sender.upload;

import java.util.Comparator;
import java.util.PriorityQueue;
import sago.common.time.Clock;

/** A clock that jumps from task to task: everything of a simulation runs on it, one after the other. */
final class SimulatedTime implements Clock, Control {
    private record Task(long atNs, long order, Runnable run) {}

    private final PriorityQueue<Task> tasks =
            new PriorityQueue<>(Comparator.comparingLong(Task::atNs).thenComparingLong(Task::order));
    private long nowNs;
    private long order;

    @Override
    public void execute(Runnable task) {
        schedule(task, 0);
    }

    @Override
    public void schedule(Runnable task, long delayNs) {
        tasks.add(new Task(nowNs + delayNs, order++, task));
    }

    /** Runs the next task; false when there is none. */
    boolean step() {
        Task task = tasks.poll();
        if (task == null) {
            return false;
        }
        nowNs = task.atNs;
        task.run.run();
        return true;
    }

    /** Runs whatever is due within this time from now. */
    void run(long durationNs) {
        long endNs = nowNs + durationNs;
        while (!tasks.isEmpty() && tasks.peek().atNs <= endNs) {
            step();
        }
        nowNs = endNs;
    }

    @Override
    public long wallMs() {
        return nowNs / 1_000_000;
    }

    @Override
    public long monotonicNs() {
        return nowNs;
    }
}
