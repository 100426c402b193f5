package sago.sender.cli.demo;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Compares a source folder with its restored copy, entry by entry: type, permission bits, owner, modification time to the nanosecond, target
 * of links, bytes of files. Written apart from the restore so that it does not share its mistakes. What changed at the source since the
 * backup began, by ctime, is not judged but counted. Confined to one thread; bytes are compared in parallel.
 */
final class TreeComparison {
    private static final int DIFFERENCES_MAX = 20;
    private static final int BATCH = 4096;

    private final Path target;
    private final FileTime since;
    private final boolean owners;
    private final List<String> differences = new ArrayList<>();
    private final List<Path> pending = new ArrayList<>();
    private long files;
    private long entries;
    private long bytes;
    private long changed;
    private long unreadable;
    private long differing;

    /**
     * @param target the folder into which absolute source paths were restored
     * @param sinceMs what changed later than this is skipped
     * @param owners whether the restore could set owners
     */
    TreeComparison(Path target, long sinceMs, boolean owners) {
        this.target = target;
        this.since = FileTime.fromMillis(sinceMs);
        this.owners = owners;
    }

    /** Outcome so far: {@code differences} holds the first few of {@code differing}. */
    record Outcome(
            long entries,
            long files,
            long bytes,
            long changed,
            long unreadable,
            long differing,
            List<String> differences) {
        boolean identical() {
            return differing == 0;
        }
    }

    Outcome outcome() {
        return new Outcome(entries, files, bytes, changed, unreadable, differing, List.copyOf(differences));
    }

    /** Compares everything below an absolute source path, and that nothing else was restored there. */
    void compare(Path source) throws IOException {
        Files.walkFileTree(source, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) throws IOException {
                compareEntry(folder);
                compareNames(folder);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                compareEntry(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failure) {
                unreadable++;
                return FileVisitResult.CONTINUE;
            }
        });
        compareBytes();
    }

    private Path restored(Path source) {
        return target.resolve(source.getRoot().relativize(source));
    }

    private boolean isUnchanged(EntryStat stat) {
        return stat.changed().compareTo(since) < 0;
    }

    private void compareEntry(Path source) throws IOException {
        EntryStat here;
        try {
            here = EntryStat.of(source);
        } catch (NoSuchFileException vanished) {
            changed++;
            return;
        }
        if (!isUnchanged(here)) {
            changed++;
            return;
        }
        if (!here.isRestorable()) {
            return;
        }
        if (here.isFile() && !Files.isReadable(source)) {
            unreadable++;
            return;
        }
        entries++;
        String difference = difference(source, here);
        if (difference != null) {
            differs(source, difference);
        } else if (here.isFile()) {
            files++;
            bytes += here.size();
            pending.add(source);
            if (pending.size() >= BATCH) {
                compareBytes();
            }
        }
    }

    private @Nullable String difference(Path source, EntryStat here) throws IOException {
        EntryStat there;
        try {
            there = EntryStat.of(restored(source));
        } catch (NoSuchFileException missing) {
            return "missing";
        }
        String difference = here.difference(there, owners);
        if (difference == null
                && here.isLink()
                && !Files.readSymbolicLink(source).equals(Files.readSymbolicLink(restored(source)))) {
            return "link target";
        }
        return difference;
    }

    /** What was restored into a folder and does not stand in its source. */
    private void compareNames(Path folder) throws IOException {
        Path copy = restored(folder);
        if (!Files.isDirectory(copy, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        TreeSet<Path> names = new TreeSet<>();
        try (var stream = Files.newDirectoryStream(copy)) {
            stream.forEach(entry -> names.add(entry.getFileName()));
        }
        try (var stream = Files.newDirectoryStream(folder)) {
            stream.forEach(entry -> names.remove(entry.getFileName()));
        }
        if (names.isEmpty()) {
            return;
        }
        if (!isUnchanged(EntryStat.of(folder))) {
            changed += names.size();
        } else {
            names.forEach(name -> differs(folder.resolve(name), "not in the source"));
        }
    }

    private void compareBytes() {
        List<Path> unequal = pending.parallelStream().filter(this::bytesDiffer).toList();
        pending.clear();
        for (Path source : unequal) {
            differs(source, "bytes");
        }
    }

    private boolean bytesDiffer(Path source) {
        try {
            return Files.mismatch(source, restored(source)) >= 0 && isUnchanged(EntryStat.of(source));
        } catch (IOException unreadableNow) {
            return true;
        }
    }

    private void differs(Path source, String what) {
        differing++;
        if (differences.size() < DIFFERENCES_MAX) {
            differences.add(source + ": " + what);
        }
    }
}
