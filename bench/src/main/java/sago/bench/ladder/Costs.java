package sago.bench.ladder;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.EnumMap;
import java.util.Map;

/** CPU time by step, user and kernel together. Confined to one thread, which does the work that it measures. */
final class Costs {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final Map<LadderStep, Long> ns = new EnumMap<>(LadderStep.class);

    /** Some work of a step. */
    @FunctionalInterface
    interface Work {
        void run() throws IOException, InterruptedException;
    }

    /** CPU time of the thread that asks. */
    static long threadNs() {
        return THREADS.getCurrentThreadCpuTime();
    }

    /** Does the work at the expense of a step. */
    void measure(LadderStep step, Work work) throws IOException, InterruptedException {
        long before = threadNs();
        work.run();
        add(step, threadNs() - before);
    }

    /** Adds what other threads have spent for a step. */
    void add(LadderStep step, long spentNs) {
        ns.merge(step, spentNs, Long::sum);
    }

    /** So far, in seconds. */
    double seconds(LadderStep step) {
        return ns.getOrDefault(step, 0L) / 1e9;
    }
}
