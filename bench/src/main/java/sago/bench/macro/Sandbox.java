package sago.bench.macro;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import sago.common.time.Clock;

/**
 * Where the programs run: a network of their own with nothing but loopback, whose counters nobody else moves, and groups of processes that the kernel
 * accounts for. Where we may not make either, the host's loopback and /proc have to do, and {@link #describe} says so. Closing it leaves no process and
 * no group behind. One thread uses it; another may close it.
 */
final class Sandbox implements AutoCloseable {
    private static final long START_S = 60;

    private final Path scratch;
    private final Clock clock;
    private final Optional<Path> parent;
    private final Optional<Process> network;
    private final List<ProcessGroup> groups = new ArrayList<>();
    private boolean isClosed;
    private int count;

    private Sandbox(Path scratch, Clock clock, Optional<Path> parent, Optional<Process> network) {
        this.scratch = scratch;
        this.clock = clock;
        this.parent = parent;
        this.network = network;
    }

    /** @param scratch a new folder, deleted by {@link #close} */
    static Sandbox open(Path scratch, Clock clock) throws IOException, InterruptedException {
        Files.createDirectories(scratch);
        return new Sandbox(scratch, clock, ControlGroup.parent(), network());
    }

    /** A process that keeps a network of its own alive, if we may make one. */
    private static Optional<Process> network() throws IOException, InterruptedException {
        if (!Programs.isPresent("unshare") || !Programs.isPresent("nsenter") || !Programs.isPresent("ip")) {
            return Optional.empty();
        }
        Process keeper = new ProcessBuilder(
                        "unshare", "--net", "/bin/sh", "-c", "ip link set lo up && echo up && exec cat")
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (keeper.getInputStream().read() == 'u') {
            return Optional.of(keeper);
        }
        keeper.destroyForcibly().waitFor();
        return Optional.empty();
    }

    Path scratch() {
        return scratch;
    }

    /** What the figures rest on, for the result file. */
    Map<String, Object> describe() {
        Map<String, Object> description = new LinkedHashMap<>();
        description.put(
                "cpu",
                parent.isPresent()
                        ? "control groups: every process of both ends, ended ones too"
                        : "/proc every 10 ms: short by up to the last 10 ms of a process");
        description.put("memory", "largest sum of resident memory of one end's processes, looked at every 10 ms");
        description.put(
                "wire",
                "counters of loopback: both directions together, with TCP and IP headers"
                        + (network.isPresent()
                                ? ", in a network namespace of its own"
                                : "; the host's, so bytes of other programs are in it"));
        return description;
    }

    /** A new, empty group. */
    synchronized ProcessGroup group(String name) throws IOException {
        if (isClosed) {
            throw new IOException("the run was ended");
        }
        count++;
        String full = "sago-bench-" + ProcessHandle.current().pid() + "-" + count + "-" + name;
        Account account = parent.isPresent() ? ControlGroup.make(parent.get(), full) : new SampledAccount();
        List<String> within = network.map(keeper -> List.of("nsenter", "--net=/proc/" + keeper.pid() + "/ns/net", "--"))
                .orElse(List.of());
        ProcessGroup group = new ProcessGroup(name, account, within, clock);
        groups.add(group);
        return group;
    }

    /** Bytes on loopback so far. */
    long wireBytes() throws IOException {
        return ProcessTable.loopbackBytes(seer());
    }

    /** Waits until somebody listens at the port. */
    void awaitPort(int port, Process server, Invocation invocation, Path log) throws IOException, InterruptedException {
        long deadlineNs = clock.monotonicNs() + TimeUnit.SECONDS.toNanos(START_S);
        while (!ProcessTable.isListening(seer(), port)) {
            if (!server.isAlive() || clock.monotonicNs() > deadlineNs) {
                throw ProcessGroup.failed(invocation, "does not listen at port " + port, log);
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    private long seer() {
        return network.map(Process::pid).orElse(ProcessHandle.current().pid());
    }

    /** Ends all processes and deletes the scratch folder. */
    @Override
    public void close() throws IOException {
        List<ProcessGroup> mine;
        synchronized (this) {
            isClosed = true;
            mine = List.copyOf(groups);
            groups.clear();
        }
        for (ProcessGroup group : mine) {
            group.close();
        }
        network.ifPresent(Process::destroyForcibly);
        Folders.delete(scratch);
    }

    /** Ends a group before the rest. */
    void close(ProcessGroup group) throws IOException {
        synchronized (this) {
            groups.remove(group);
        }
        group.close();
    }
}
