package sago.bench.macro;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import sago.common.time.Clock;

/**
 * Runs one process and accounts for it: wall time, CPU time of it and of its ended children, and peak resident memory. Linux only:
 * samples /proc every 10 ms, so CPU time is short by at most the last sample. A sampling thread belongs to each meter.
 */
final class ProcessMeter implements AutoCloseable {
    private static final long SAMPLE_MS = 10;
    private static final double TICKS_PER_S = 100; // USER_HZ, fixed by the kernel's interface

    /** What a process cost so far. */
    record Usage(double wallS, double cpuS, long peakBytes) {}

    private final Process process;
    private final Path output;
    private final Clock clock;
    private final long startNs;
    private final Thread sampler;
    private volatile double cpuS;
    private volatile long peakBytes;

    private ProcessMeter(Process process, Path output, Clock clock) {
        this.process = process;
        this.output = output;
        this.clock = clock;
        this.startNs = clock.monotonicNs();
        this.sampler = new Thread(this::sampleUntilEnd, "meter-" + process.pid());
        sampler.setDaemon(true);
        sampler.start();
    }

    /** Starts a command; both its streams go to the given file. */
    static ProcessMeter start(List<String> command, Path output, Clock clock, String... environment)
            throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()));
        for (int i = 0; i < environment.length; i += 2) {
            builder.environment().put(environment[i], environment[i + 1]);
        }
        return new ProcessMeter(builder.start(), output, clock);
    }

    /** Waits for the end; a status other than 0 is an error that shows the output's tail. */
    Usage await() throws IOException, InterruptedException {
        int status = process.waitFor();
        double wallS = (clock.monotonicNs() - startNs) / 1e9;
        sampler.join();
        if (status != 0) {
            throw new IOException("exit status " + status + ": " + tail());
        }
        return new Usage(wallS, cpuS, peakBytes);
    }

    /** CPU and peak of a process that goes on, up to now. */
    Usage soFar() {
        return new Usage((clock.monotonicNs() - startNs) / 1e9, cpuS, peakBytes);
    }

    /** Waits until the output has the given text. */
    void awaitOutput(String text, long timeoutS) throws IOException, InterruptedException {
        long deadline = clock.monotonicNs() + TimeUnit.SECONDS.toNanos(timeoutS);
        while (!Files.readString(output, StandardCharsets.ISO_8859_1).contains(text)) {
            if (!process.isAlive() || clock.monotonicNs() > deadline) {
                throw new IOException("no '" + text + "' from " + process.info().commandLine() + ": " + tail());
            }
            process.waitFor(SAMPLE_MS * 5, TimeUnit.MILLISECONDS);
        }
    }

    @Override
    public void close() throws IOException {
        process.destroy();
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private String tail() throws IOException {
        String text = Files.readString(output, StandardCharsets.ISO_8859_1);
        return text.substring(Math.max(0, text.length() - 2000));
    }

    private void sampleUntilEnd() {
        Path stat = Path.of("/proc", Long.toString(process.pid()), "stat");
        Path status = stat.resolveSibling("status");
        try {
            do {
                sample(stat, status);
            } while (!process.waitFor(SAMPLE_MS, TimeUnit.MILLISECONDS));
        } catch (IOException gone) {
            // The process ended between two samples.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void sample(Path stat, Path status) throws IOException {
        String line = Files.readString(stat, StandardCharsets.ISO_8859_1);
        String[] fields = line.substring(line.lastIndexOf(')') + 2).split(" ", -1);
        long ticks = 0;
        for (int i = 11; i <= 14; i++) { // utime, stime, cutime, cstime
            ticks += Long.parseLong(fields[i]);
        }
        if (!fields[0].equals("Z")) {
            cpuS = Math.max(cpuS, ticks / TICKS_PER_S);
            for (String field : Files.readAllLines(status, StandardCharsets.ISO_8859_1)) {
                if (field.startsWith("VmHWM:")) {
                    peakBytes = Long.parseLong(field.replaceAll("[^0-9]", "")) * 1024;
                }
            }
        }
    }
}
