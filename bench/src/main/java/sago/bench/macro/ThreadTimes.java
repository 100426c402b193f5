package sago.bench.macro;

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

/** CPU time of the threads of processes as Linux keeps it. Threads are looked at now and then: what one spends after the last look is missed. Thread-safe. */
final class ThreadTimes {
    /** What tells threads of one name apart. */
    private static final Pattern NUMBER = Pattern.compile("[-#_]*[0-9]+(-[0-9]+)*$");

    private record Spent(String name, long ns) {}

    private final Map<String, Spent> threads = new ConcurrentHashMap<>();

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

    /** What threads had spent in seconds when they were seen last, by end and name without number; those that spent most come first. */
    Map<String, Double> seconds() {
        Map<String, Double> sums = new HashMap<>();
        threads.values().forEach(spent -> sums.merge(spent.name, spent.ns / 1e9, Double::sum));
        Map<String, Double> ordered = new LinkedHashMap<>();
        sums.entrySet().stream()
                .sorted(Map.Entry.<String, Double>comparingByValue().reversed())
                .forEach(thread -> ordered.put(thread.getKey(), thread.getValue()));
        return ordered;
    }
}
