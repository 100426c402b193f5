package sago.bench.macro;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import sago.common.time.Clock;

/**
 * Runs of Sago with a receiver of its own and an empty repository, both real processes on loopback, for other packages of the bench.
 * Confined to one thread.
 */
public final class SagoRuns implements AutoCloseable {
    private final Sandbox sandbox;
    private final Meter meter;
    private final ProcessGroup server;
    private final BackupSystem.Running running;
    private final Path log;

    private SagoRuns(Sandbox sandbox, Clock clock, ProcessGroup server, BackupSystem.Running running) {
        this.sandbox = sandbox;
        this.meter = new Meter(sandbox, clock);
        this.server = server;
        this.running = running;
        this.log = sandbox.scratch().resolve("client.log");
    }

    /** What one run took: wall time, and CPU time of home and of the site. */
    public record Cost(double wallS, double homeCpuS, double siteCpuS) {}

    /** A run with CPU seconds by end and thread, as far as threads were seen; those that spent most come first. */
    public record Watched(Cost cost, Map<String, Double> threadSeconds) {}

    /** Regular files below a folder, and the sum of their lengths. */
    public record Size(long files, long bytes) {}

    /** What the launcher says of itself. */
    public static String version(String launcher) throws IOException, InterruptedException {
        return Programs.firstLine(launcher, "version");
    }

    /** Begins with an empty repository in the folder, which must not exist or be left over from here, and is deleted by {@link #close}. */
    public static SagoRuns start(String launcher, int port, Clock clock, Path work)
            throws IOException, InterruptedException {
        return start(launcher, port, clock, work, List.of());
    }

    /** @param options further options of {@code sago backup} */
    public static SagoRuns start(String launcher, int port, Clock clock, Path work, List<String> options)
            throws IOException, InterruptedException {
        Folders.delete(work);
        Sandbox sandbox = Sandbox.open(work, clock);
        try {
            ProcessGroup server = sandbox.group("server");
            SagoSystem sago = new SagoSystem(launcher, port, options);
            return new SagoRuns(sandbox, clock, server, sago.start(sandbox, server, work));
        } catch (IOException | InterruptedException | RuntimeException e) {
            sandbox.close();
            throw e;
        }
    }

    public Cost backup(Path data) throws IOException, InterruptedException {
        return cost(meter.measure(running.backup(data), server, log));
    }

    /** A backup, and what each thread of both ends has spent since its process began. */
    public Watched watchedBackup(Path data) throws IOException, InterruptedException {
        ThreadTimes times = new ThreadTimes();
        server.watchThreads(times, "site");
        Cost cost =
                cost(meter.measure(running.backup(data), server, log, client -> client.watchThreads(times, "home")));
        return new Watched(cost, times.seconds());
    }

    /** Into an empty folder; the files stay. */
    public Cost restore(Path target) throws IOException, InterruptedException {
        Files.createDirectories(target);
        return cost(meter.measure(running.restore(target, target), server, log));
    }

    private static Cost cost(Sample.Cost both) {
        return new Cost(both.wallS(), both.clientCpuS(), both.serverCpuS());
    }

    /** Bytes that the repository takes on disk. */
    public long storedBytes() throws IOException {
        return Folders.contents(running.stored()).bytes();
    }

    public static Size size(Path folder) throws IOException {
        Folders.Contents contents = Folders.contents(folder);
        return new Size(contents.files(), contents.bytes());
    }

    /** All of a folder, as it is, to a place that does not exist yet: to be changed there. */
    public static void copy(Path from, Path to) throws IOException, InterruptedException {
        Material.copy(from, to);
    }

    public static void delete(Path folder) throws IOException {
        Folders.delete(folder);
    }

    @Override
    public void close() throws IOException {
        sandbox.close();
    }
}
