package sago.bench.macro;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import sago.bench.result.Machine;

/**
 * Compares backup programs on the same data in the same run: full backup, unchanged backup and restore through a server on loopback, the
 * programs interleaved round by round, so that a machine that changes its speed changes it for all. Single thread.
 */
final class EndToEnd {
    /** What to run. */
    record Plan(Path data, Path work, int rounds) {}

    /** Figures of one program in one round; both ends together where it says so. */
    record Sample(
            String system,
            int round,
            double fullS,
            double fullCpuS,
            double unchangedS,
            double unchangedCpuS,
            double restoreS,
            double restoreCpuS,
            long clientPeakBytes,
            long serverPeakBytes,
            long storedBytes) {}

    private final Plan plan;
    private final List<BackupSystem> systems;
    private final PrintStream out;

    EndToEnd(Plan plan, List<BackupSystem> systems, PrintStream out) {
        this.plan = plan;
        this.systems = List.copyOf(systems);
        this.out = out;
    }

    /** Runs everything and returns the result as text: one JSON object with raw samples and medians. */
    String run() throws IOException, InterruptedException {
        Map<String, Object> result = new LinkedHashMap<>();
        Folders.Contents contents = Folders.contents(plan.data());
        result.put("data", plan.data().toString());
        result.put("files", contents.files());
        result.put("bytes", contents.bytes());
        result.put("machine", Machine.describe());
        Map<String, String> versions = new LinkedHashMap<>();
        for (BackupSystem system : systems) {
            versions.put(system.name(), system.version());
        }
        result.put("versions", versions);
        List<Sample> samples = new ArrayList<>();
        for (int round = 1; round <= plan.rounds(); round++) {
            for (BackupSystem system : systems) {
                Sample sample = round(system, round);
                samples.add(sample);
                out.printf(
                        Locale.ROOT,
                        "round %d %-7s full %.1f s (%.1f CPU s)  unchanged %.1f s  restore %.1f s  peak %d + %d MiB  stored %d MB%n",
                        round,
                        system.name(),
                        sample.fullS(),
                        sample.fullCpuS(),
                        sample.unchangedS(),
                        sample.restoreS(),
                        sample.clientPeakBytes() >> 20,
                        sample.serverPeakBytes() >> 20,
                        sample.storedBytes() / 1_000_000);
            }
        }
        result.put("samples", samples);
        result.put("medians", medians(samples, contents.bytes() / 1e9));
        return JSON.std.with(JSON.Feature.PRETTY_PRINT_OUTPUT).asString(result);
    }

    private Sample round(BackupSystem system, int round) throws IOException, InterruptedException {
        Path work = plan.work().resolve(system.name() + "-" + round);
        Path target = plan.work().resolve("restored");
        Folders.delete(work);
        Folders.delete(target);
        try (BackupSystem.Running running = system.start(work)) {
            double serverBefore = running.server().cpuS();
            ProcessMeter.Usage full = running.backup(plan.data());
            double serverAfterFull = running.server().cpuS();
            long stored = running.storedBytes();
            ProcessMeter.Usage unchanged = running.backup(plan.data());
            double serverAfterUnchanged = running.server().cpuS();
            ProcessMeter.Usage restore = running.restore(target);
            ProcessMeter.Usage server = running.server();
            return new Sample(
                    system.name(),
                    round,
                    full.wallS(),
                    full.cpuS() + serverAfterFull - serverBefore,
                    unchanged.wallS(),
                    unchanged.cpuS() + serverAfterUnchanged - serverAfterFull,
                    restore.wallS(),
                    restore.cpuS() + server.cpuS() - serverAfterUnchanged,
                    Math.max(full.peakBytes(), Math.max(unchanged.peakBytes(), restore.peakBytes())),
                    server.peakBytes(),
                    stored);
        } finally {
            Folders.delete(target);
            Folders.delete(work);
        }
    }

    private Map<String, Object> medians(List<Sample> samples, double gigabytes) {
        Map<String, Object> medians = new LinkedHashMap<>();
        for (BackupSystem system : systems) {
            List<Sample> own = samples.stream()
                    .filter(s -> s.system().equals(system.name()))
                    .toList();
            Map<String, Object> figures = new LinkedHashMap<>();
            figures.put("full_s", median(own, Sample::fullS));
            figures.put("full_mb_per_s", gigabytes * 1000 / median(own, Sample::fullS));
            figures.put("full_cpu_s_per_gb", median(own, Sample::fullCpuS) / gigabytes);
            figures.put("unchanged_s", median(own, Sample::unchangedS));
            figures.put("unchanged_cpu_s", median(own, Sample::unchangedCpuS));
            figures.put("restore_s", median(own, Sample::restoreS));
            figures.put("restore_cpu_s_per_gb", median(own, Sample::restoreCpuS) / gigabytes);
            figures.put("client_peak_mib", median(own, s -> s.clientPeakBytes() / 1048576.0));
            figures.put("server_peak_mib", median(own, s -> s.serverPeakBytes() / 1048576.0));
            figures.put("stored_mb", median(own, s -> s.storedBytes() / 1e6));
            medians.put(system.name(), figures);
        }
        return medians;
    }

    private static double median(List<Sample> samples, ToDoubleFunction<Sample> figure) {
        double[] values = samples.stream().mapToDouble(figure).sorted().toArray();
        int middle = values.length / 2;
        return values.length % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
    }

    /** Writes the result where it can be found again. */
    static void store(String result, Path file) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.writeString(file, result + "\n");
    }
}
