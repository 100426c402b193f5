package sago.sender.cli.demo;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;

/**
 * What a demonstration backs up.
 *
 * @param name for people
 * @param paths absolute, none inside another
 */
record DemoSource(String name, List<Path> paths, long files, long entries, long bytes) {
    /** So that a demonstration ends within two minutes on two slow cores. */
    private static final long BYTES_MAX = 1_000_000_000;

    private static final long ENTRIES_MAX = 60_000;
    private static final long BYTES_MIN = 50_000_000;

    DemoSource {
        paths = List.copyOf(paths);
    }

    /** A folder that the user named: all of it. */
    static DemoSource of(Path path) throws IOException {
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            throw new FaultException(Fault.NOT_FOUND, "no such file or folder: " + path);
        }
        Path absolute = path.toRealPath();
        return new DemoSource(absolute.toString(), List.of(absolute), 0, 0, 0).plus(count(absolute));
    }

    /** A real folder of this machine, or as many of its folders as fit into the bounds of a demonstration. */
    static DemoSource ofMachine() throws IOException {
        DemoSource best = null;
        for (Path candidate :
                List.of(Path.of("/usr/share"), Path.of(System.getProperty("java.home")), Path.of("/usr/lib"))) {
            if (Files.isDirectory(candidate)) {
                DemoSource source = capped(candidate.toRealPath());
                if (best == null || source.bytes > best.bytes) {
                    best = source;
                }
                if (best.bytes >= BYTES_MIN) {
                    break;
                }
            }
        }
        if (best == null) {
            throw new FaultException(Fault.NOT_FOUND, "no folder to demonstrate with: name one, bin/sago demo PATH");
        }
        return best;
    }

    private static DemoSource capped(Path folder) throws IOException {
        DemoSource all = new DemoSource(folder.toString(), List.of(folder), 0, 0, 0).plus(count(folder));
        if (all.fits()) {
            return all;
        }
        List<Path> children = new ArrayList<>();
        try (var stream = Files.newDirectoryStream(folder)) {
            stream.forEach(children::add);
        }
        children.sort(null);
        DemoSource taken = new DemoSource("part of " + folder, List.of(), 0, 0, 0);
        for (Path child : children) {
            DemoSource with = new DemoSource(
                            taken.name, plus(taken.paths, child), taken.files, taken.entries, taken.bytes)
                    .plus(count(child));
            if (with.fits()) {
                taken = with;
            }
        }
        return taken;
    }

    private boolean fits() {
        return bytes <= BYTES_MAX && entries <= ENTRIES_MAX;
    }

    private static List<Path> plus(List<Path> paths, Path path) {
        List<Path> all = new ArrayList<>(paths);
        all.add(path);
        return all;
    }

    private DemoSource plus(Count more) {
        return new DemoSource(name, paths, files + more.files, entries + more.entries, bytes + more.bytes);
    }

    private static Count count(Path root) throws IOException {
        Count count = new Count();
        Files.walkFileTree(root, count);
        return count;
    }

    /** Counts without following links; what cannot be read is left out. */
    private static final class Count extends SimpleFileVisitor<Path> {
        private long files;
        private long entries;
        private long bytes;

        @Override
        public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            entries++;
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            entries++;
            if (attributes.isRegularFile()) {
                files++;
                bytes += attributes.size();
            }
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, @Nullable IOException failure) {
            return FileVisitResult.CONTINUE;
        }
    }
}
