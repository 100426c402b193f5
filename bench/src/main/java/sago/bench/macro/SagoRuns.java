package sago.bench.macro;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import sago.common.time.Clock;

/**
 * Runs of Sago with a receiver of its own and an empty repository, both real processes on loopback, for other packages of the bench.
 * Confined to one thread.
 */
public final class SagoRuns implements AutoCloseable {
    private final BackupSystem.Running running;

    private SagoRuns(BackupSystem.Running running) {
        this.running = running;
    }

    /** What one run took: wall time, and CPU time of home and of the site. */
    public record Cost(double wallS, double homeCpuS, double siteCpuS) {}

    /** Regular files below a folder, and the sum of their lengths. */
    public record Size(long files, long bytes) {}

    /** What the launcher says of itself. */
    public static String version(String launcher) throws IOException, InterruptedException {
        return Commands.output(launcher, "version");
    }

    /** Begins with an empty repository in the folder, which must not exist or be left over from here. */
    public static SagoRuns start(String launcher, int port, Clock clock, Path work)
            throws IOException, InterruptedException {
        Folders.delete(work);
        return new SagoRuns(new SagoSystem(launcher, port, clock).start(work));
    }

    public Cost backup(Path data) throws IOException, InterruptedException {
        double before = running.server().cpuS();
        return cost(running.backup(data), before);
    }

    /** Into a folder that is deleted before and after. */
    public Cost restore(Path target) throws IOException, InterruptedException {
        Folders.delete(target);
        Files.createDirectories(target);
        double before = running.server().cpuS();
        Cost cost = cost(running.restore(target), before);
        Folders.delete(target);
        return cost;
    }

    private Cost cost(ProcessMeter.Usage home, double siteBefore) {
        return new Cost(home.wallS(), home.cpuS(), running.server().cpuS() - siteBefore);
    }

    /** Bytes that the repository takes on disk. */
    public long storedBytes() throws IOException {
        return running.storedBytes();
    }

    public static Size size(Path folder) throws IOException {
        Folders.Contents contents = Folders.contents(folder);
        return new Size(contents.files(), contents.bytes());
    }

    public static void delete(Path folder) throws IOException {
        Folders.delete(folder);
    }

    @Override
    public void close() throws IOException {
        running.close();
    }
}
