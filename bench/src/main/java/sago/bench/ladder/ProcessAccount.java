package sago.bench.ladder;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * CPU time of processes as Linux keeps it, and how much of it the threads of a JVM spent that compile or collect garbage. Threads are looked
 * at now and then, so what one spends after the last look is missed. Thread-safe.
 */
final class ProcessAccount {
    /** Fixed by the kernel's interface. */
    private static final double TICKS_PER_S = 100;

    /** What tells threads of one name apart. */
    private static final Pattern NUMBER = Pattern.compile("[-#_]*[0-9]+(-[0-9]+)*$");

    private static final int UTIME = 11;
    private static final int CHILDREN_UTIME = 13;

    /** What a thread of a JVM is for, by its name in /proc. */
    enum Purpose {
        COMPILE,
        COLLECT,
        WORK;

        /** By the end and the name of a thread. */
        static Purpose of(String thread) {
            String name = thread.substring(thread.indexOf(' ') + 1);
            if (name.startsWith("C1 Comp") || name.startsWith("C2 Comp")) {
                return COMPILE;
            }
            return name.startsWith("GC Thread") || name.startsWith("VM Thread") ? COLLECT : WORK;
        }
    }

    private record Spent(String name, long ns) {}

    private final Map<String, Spent> threads = new ConcurrentHashMap<>();

    /** CPU time of a process and of its children that have ended. */
    static double seconds(long pid) throws IOException {
        return sum(Path.of("/proc", Long.toString(pid), "stat"), UTIME);
    }

    /** CPU time of the children of this process that have ended. */
    static double endedChildrenSeconds() throws IOException {
        return sum(Path.of("/proc/self/stat"), CHILDREN_UTIME);
    }

    private static double sum(Path stat, int from) throws IOException {
        String line = Files.readString(stat, StandardCharsets.ISO_8859_1);
        String[] fields = line.substring(line.lastIndexOf(')') + 2).split(" ", -1);
        long ticks = 0;
        for (int i = from; i <= CHILDREN_UTIME + 1; i++) {
            ticks += Long.parseLong(fields[i]);
        }
        return ticks / TICKS_PER_S;
    }

    /**
     * Looks at the threads of a process that is alive; one that has ended shows nothing.
     *
     * @param end which process it is: {@code home} or {@code site}
     */
    void look(String end, long pid) {
        Path tasks = Path.of("/proc", Long.toString(pid), "task");
        try (DirectoryStream<Path> all = Files.newDirectoryStream(tasks)) {
            for (Path task : all) {
                String name = Files.readString(task.resolve("comm"), StandardCharsets.ISO_8859_1);
                String spent = Files.readString(task.resolve("schedstat"), StandardCharsets.ISO_8859_1);
                threads.put(
                        task.toString(),
                        new Spent(
                                end + " " + NUMBER.matcher(name.strip()).replaceFirst(""),
                                Long.parseLong(spent.substring(0, spent.indexOf(' ')))));
            }
        } catch (IOException | DirectoryIteratorException e) {
            return; // It ended meanwhile, or a thread of it: what was seen before counts.
        }
    }

    /** What threads had spent when they were seen last, by end and name without number; those that spent most come first. */
    Map<String, Double> threads() {
        Map<String, Double> sums = new HashMap<>();
        threads.values().forEach(spent -> sums.merge(spent.name, spent.ns / 1e9, Double::sum));
        Map<String, Double> ordered = new LinkedHashMap<>();
        sums.entrySet().stream()
                .sorted(Map.Entry.<String, Double>comparingByValue().reversed())
                .forEach(thread -> ordered.put(thread.getKey(), thread.getValue()));
        return ordered;
    }
}
