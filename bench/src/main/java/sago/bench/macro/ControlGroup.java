package sago.bench.macro;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * An account that the kernel keeps: a control group of version 2 without any controller, whose {@code cpu.stat} counts every process that ever was
 * in it, to the microsecond. Needs the right to make groups below the one that we are in, so mostly root. Any thread.
 */
final class ControlGroup implements Account {
    private final Path group;

    private ControlGroup(Path group) {
        this.group = group;
    }

    /** Where groups can be made, if they can. */
    static Optional<Path> parent() {
        try {
            Optional<String> mount =
                    Files.readAllLines(Path.of("/proc/self/mounts"), StandardCharsets.ISO_8859_1).stream()
                            .map(line -> line.split(" ", -1))
                            .filter(fields -> fields.length > 2 && fields[2].equals("cgroup2"))
                            .map(fields -> fields[1])
                            .findFirst();
            Optional<String> own =
                    Files.readAllLines(Path.of("/proc/self/cgroup"), StandardCharsets.ISO_8859_1).stream()
                            .filter(line -> line.startsWith("0::/"))
                            .map(line -> line.substring(4))
                            .findFirst();
            if (mount.isEmpty() || own.isEmpty()) {
                return Optional.empty();
            }
            Path parent = Path.of(mount.get()).resolve(own.get());
            Path attempt =
                    parent.resolve("sago-bench-try-" + ProcessHandle.current().pid());
            Files.createDirectory(attempt);
            boolean isUsable =
                    Files.isWritable(attempt.resolve("cgroup.procs")) && Files.exists(attempt.resolve("cpu.stat"));
            Files.delete(attempt);
            return isUsable ? Optional.of(parent) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    static ControlGroup make(Path parent, String name) throws IOException {
        return new ControlGroup(Files.createDirectory(parent.resolve(name)));
    }

    @Override
    public List<String> prefix() {
        return List.of(
                "/bin/sh",
                "-c",
                "echo $$ > \"$0\" && exec \"$@\"",
                group.resolve("cgroup.procs").toString());
    }

    @Override
    public Collection<Long> living() throws IOException {
        return Files.readAllLines(group.resolve("cgroup.procs")).stream()
                .map(Long::valueOf)
                .toList();
    }

    @Override
    public double cpuS() throws IOException {
        return Files.readAllLines(group.resolve("cpu.stat")).stream()
                .filter(line -> line.startsWith("usage_usec "))
                .mapToDouble(line -> Long.parseLong(line.substring("usage_usec ".length())) / 1e6)
                .sum();
    }

    @Override
    public void started(long pid) {
        // The kernel knows.
    }

    @Override
    public void close() throws IOException {
        Files.deleteIfExists(group);
    }
}
