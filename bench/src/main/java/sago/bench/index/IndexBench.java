package sago.bench.index;

import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import sago.bench.result.Fields;
import sago.bench.result.Samples;
import sago.common.durable.Disk;
import sago.common.durable.DurableFiles;
import sago.common.time.Clock;
import sago.sender.index.IndexBounds;
import sago.sender.index.SegmentIndex;
import sago.sender.pack.ChunkId;

/** Fills an index as backups do, pack by pack, and asks it. Confined to one thread. */
final class IndexBench {
    private static final long REPORT_EVERY = 10_000_000;
    private static final double NS_PER_S = 1e9;

    /** Numbers from here on are never inserted. */
    private static final long ABSENT = 1L << 60;

    private final Plan plan;
    private final Clock clock;
    private final PrintStream terminal;
    private final List<Map<String, Object>> samples = new ArrayList<>();
    private final Map<String, Object> summary = new LinkedHashMap<>();

    IndexBench(Plan plan, Clock clock, PrintStream terminal) {
        this.plan = plan;
        this.clock = clock;
        this.terminal = terminal;
    }

    /**
     * What to measure.
     *
     * @param entries of the index when it is asked
     * @param operations look-ups, and inserts, of each round
     * @param folder of the index; what it holds from a run before is gone on from
     */
    record Plan(long entries, long operations, int rounds, Path folder) {
        Plan {
            if (entries < SpreadChunks.PER_PACK || operations < SpreadChunks.PER_PACK || rounds < 1) {
                throw new IllegalArgumentException("entries, operations or rounds are too few");
            }
        }
    }

    List<Map<String, Object>> samples() {
        return samples;
    }

    /** Measures, and says what the samples come to. */
    Map<String, Object> run() throws IOException, InterruptedException {
        try (SegmentIndex index = open("open_empty_s")) {
            fill(index);
        }
        try (SegmentIndex index = open("open_s")) {
            index.awaitMerged();
            summary.put("entries", index.rows());
            long next = roundedUp(plan.entries());
            for (int round = 0; round < plan.rounds(); round++) {
                lookUp(index, round, true);
                lookUp(index, round, false);
            }
            for (int round = 0; round < plan.rounds(); round++) {
                next = insert(index, round, next);
            }
            sumUp("absent", "lookups_per_s");
            sumUp("present", "lookups_per_s");
            sumUp("insert", "inserts_per_s");
            summary.put("segments", index.segments());
            summary.put("target_absent_per_s", 50_000);
            summary.put("target_inserts_per_s", 20_000);
            memory();
        }
        return summary;
    }

    private SegmentIndex open(String name) throws IOException {
        long begun = clock.monotonicNs();
        SegmentIndex index =
                SegmentIndex.open(plan.folder().resolve("index"), new DurableFiles(Disk.real()), IndexBounds.DEFAULT);
        summary.put(name, (clock.monotonicNs() - begun) / NS_PER_S);
        return index;
    }

    private static long roundedUp(long entries) {
        return (entries + SpreadChunks.PER_PACK - 1) / SpreadChunks.PER_PACK * SpreadChunks.PER_PACK;
    }

    private void fill(SegmentIndex index) throws IOException, InterruptedException {
        long from = index.rows() / SpreadChunks.PER_PACK * SpreadChunks.PER_PACK;
        if (from >= plan.entries()) {
            return;
        }
        Usage usage = new Usage();
        for (long at = from; at < plan.entries(); at += SpreadChunks.PER_PACK) {
            index.insert(SpreadChunks.pack(at));
            if ((at + SpreadChunks.PER_PACK) % REPORT_EVERY < SpreadChunks.PER_PACK) {
                terminal.printf("%,d entries, %.0f s%n", at + SpreadChunks.PER_PACK, usage.seconds());
            }
        }
        index.awaitMerged();
        samples.add(usage.sample("fill", 0, roundedUp(plan.entries()) - from, "inserts_per_s"));
        summary.put("fill_inserts_per_s", samples.get(samples.size() - 1).get("inserts_per_s"));
        summary.put("fill_core_us_per_insert", samples.get(samples.size() - 1).get("core_us_per_operation"));
    }

    /** Until no merge is due any more, so that no cost is left for later. */
    private long insert(SegmentIndex index, int round, long from) throws IOException, InterruptedException {
        long end = from + roundedUp(plan.operations());
        Usage usage = new Usage();
        for (long at = from; at < end; at += SpreadChunks.PER_PACK) {
            index.insert(SpreadChunks.pack(at));
        }
        index.awaitMerged();
        samples.add(usage.sample("insert", round, end - from, "inserts_per_s"));
        return end;
    }

    private void lookUp(SegmentIndex index, int round, boolean present) throws IOException {
        SplittableRandom random = new SplittableRandom(round);
        long found = 0;
        Usage usage = new Usage();
        for (long i = 0; i < plan.operations(); i++) {
            long number = random.nextLong(plan.entries());
            ChunkId id = SpreadChunks.id(present ? number : ABSENT + number);
            if (index.find(id) != null) {
                found++;
            }
        }
        samples.add(usage.sample(present ? "present" : "absent", round, plan.operations(), "lookups_per_s"));
        if (found != (present ? plan.operations() : 0)) {
            throw new IOException("of " + plan.operations() + (present ? " present" : " absent") + " chunks " + found
                    + " were found");
        }
    }

    private void sumUp(String step, String rate) {
        List<Map<String, Object>> rounds = samples.stream()
                .filter(sample -> step.equals(sample.get("step")))
                .toList();
        summary.put(step + "_" + rate, median(rounds, rate));
        summary.put(step + "_core_us", median(rounds, "core_us_per_operation"));
    }

    private static double median(List<Map<String, Object>> rounds, String name) {
        return Samples.median(rounds.stream()
                .flatMapToDouble(round -> Fields.number(round, name).stream())
                .toArray());
    }

    private void memory() throws IOException {
        Runtime runtime = Runtime.getRuntime();
        System.gc();
        summary.put("heap_used_bytes", runtime.totalMemory() - runtime.freeMemory());
        summary.put("heap_max_bytes", runtime.maxMemory());
        summary.put("direct_bytes", directBytes());
        summary.put("rss_peak_bytes", rssPeakBytes());
        long bytes = 0;
        try (Stream<Path> files = Files.walk(plan.folder())) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                bytes += Files.size(file);
            }
        }
        summary.put("files_bytes", bytes);
    }

    private static long directBytes() {
        return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
    }

    private static long rssPeakBytes() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
            if (line.startsWith("VmHWM:")) {
                return Long.parseLong(line.replaceAll("\\D", "")) << 10;
            }
        }
        return 0;
    }

    /** Wall time and processor time of all threads since it was made. */
    private final class Usage {
        private final long begunNs = clock.monotonicNs();
        private final long cpuNs = cpuNs();

        double seconds() {
            return (clock.monotonicNs() - begunNs) / NS_PER_S;
        }

        Map<String, Object> sample(String step, int round, long operations, String rate) {
            double seconds = seconds();
            double cores = (cpuNs() - cpuNs) / NS_PER_S;
            Map<String, Object> sample = new LinkedHashMap<>();
            sample.put("step", step);
            sample.put("round", round);
            sample.put("operations", operations);
            sample.put("wall_s", seconds);
            sample.put("core_s", cores);
            sample.put(rate, operations / seconds);
            sample.put("core_us_per_operation", cores * 1e6 / operations);
            return sample;
        }

        private static long cpuNs() {
            return ManagementFactory.getOperatingSystemMXBean()
                            instanceof com.sun.management.OperatingSystemMXBean process
                    ? process.getProcessCpuTime()
                    : 0;
        }
    }
}
