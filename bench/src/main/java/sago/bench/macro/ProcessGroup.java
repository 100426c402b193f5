package sago.bench.macro;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import sago.common.time.Clock;

/**
 * The processes of one end, with their CPU time and their memory. A thread of its own looks every 10 ms; the peak is the largest sum of what all of
 * them had in RAM at one time (pages that they share count for each). One thread starts and waits.
 */
final class ProcessGroup implements AutoCloseable {
    private static final long SAMPLE_MS = 10;
    private static final long END_S = 20;

    private final Account account;
    private final List<String> prefix;
    private final Clock clock;
    private final List<Process> started = new ArrayList<>();
    private final Thread sampler;
    private volatile boolean isClosed;
    private volatile long peakBytes;
    private volatile @Nullable Watch watch;

    /** Who wants to know what each thread spends, and under which end's name. */
    private record Watch(ThreadTimes times, String end) {}

    /** @param within words that bring a command into its network, before those of the account */
    ProcessGroup(String name, Account account, List<String> within, Clock clock) {
        this.account = account;
        this.clock = clock;
        this.prefix = new ArrayList<>(account.prefix());
        this.prefix.addAll(within);
        this.sampler = new Thread(this::sampleUntilClosed, "meter-" + name);
        sampler.setDaemon(true);
        sampler.start();
    }

    /** Starts a command; both its streams go to the given file. */
    synchronized Process start(Invocation invocation, Path output) throws IOException {
        if (isClosed) {
            throw new IOException("the run was ended");
        }
        List<String> line = new ArrayList<>(prefix);
        line.addAll(invocation.command());
        ProcessBuilder builder = new ProcessBuilder(line)
                .directory(invocation.folder().toFile())
                .redirectErrorStream(true)
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()));
        builder.environment().putAll(invocation.environment());
        Process process = builder.start();
        started.add(process);
        account.started(process.pid());
        return process;
    }

    /** Runs a command to its end; a status other than 0 is an error that shows what it said last. */
    void run(Invocation invocation, Path output) throws IOException, InterruptedException {
        int status = start(invocation, output).waitFor();
        if (status != 0) {
            throw failed(invocation, "exit status " + status, output);
        }
    }

    static IOException failed(Invocation invocation, String how, Path output) throws IOException {
        String text = Files.readString(output, StandardCharsets.ISO_8859_1);
        return new IOException(String.join(" ", invocation.command()) + ": " + how + "\n"
                + text.substring(Math.max(0, text.length() - 2000)).strip());
    }

    /** Looks at every thread of the group from now on, which costs CPU time of its own. */
    void watchThreads(ThreadTimes times, String end) {
        watch = new Watch(times, end);
    }

    double cpuS() throws IOException {
        return account.cpuS();
    }

    /** Waits until the group has had nothing to do for a tenth of a second, at most 10 s, and says what CPU time it took in all. */
    double cpuWhenQuietS() throws IOException, InterruptedException {
        double last = account.cpuS();
        for (int i = 0; i < 100; i++) {
            TimeUnit.MILLISECONDS.sleep(100);
            double now = account.cpuS();
            if (now - last < 0.005) {
                return now;
            }
            last = now;
        }
        return last;
    }

    /** The most memory since the last {@link #resetPeak}. */
    long peakBytes() {
        return peakBytes;
    }

    void resetPeak() {
        peakBytes = 0;
    }

    /** Ends every process of the group at once and waits for it. */
    void kill() throws IOException, InterruptedException {
        long deadlineNs = clock.monotonicNs() + TimeUnit.SECONDS.toNanos(END_S);
        Collection<Long> living = account.living();
        while (!living.isEmpty() && clock.monotonicNs() < deadlineNs) {
            living.forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
            TimeUnit.MILLISECONDS.sleep(1);
            living = account.living();
        }
        for (Process process : List.copyOf(started)) {
            process.waitFor(END_S, TimeUnit.SECONDS);
        }
    }

    /** Asks the processes to end, ends those that do not, and closes the account. */
    @Override
    public void close() throws IOException {
        List<Process> mine;
        synchronized (this) {
            isClosed = true;
            mine = List.copyOf(started);
        }
        try {
            mine.forEach(Process::destroy);
            for (Process process : mine) {
                process.waitFor(END_S, TimeUnit.SECONDS);
            }
            kill();
            sampler.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        account.close();
    }

    private void sampleUntilClosed() {
        try {
            while (!isClosed) {
                Collection<Long> living = account.living();
                Watch watching = watch;
                long sum = 0;
                for (long pid : living) {
                    sum += ProcessTable.residentBytes(pid);
                    if (watching != null) {
                        watching.times.look(watching.end, pid);
                    }
                }
                peakBytes = Math.max(peakBytes, sum);
                account.cpuS();
                TimeUnit.MILLISECONDS.sleep(SAMPLE_MS);
            }
        } catch (IOException gone) {
            // The group was closed between two looks.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
