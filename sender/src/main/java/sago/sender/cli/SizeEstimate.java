package sago.sender.cli;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;

/**
 * How much there is to back up, for the bar on a terminal: a second walk on a thread of its own, beside the backup. It decides nothing.
 * Thread-safe.
 */
final class SizeEstimate extends SimpleFileVisitor<Path> {
    private final List<Path> paths;
    private long bytes;
    private volatile long total;

    private SizeEstimate(List<Path> paths) {
        this.paths = List.copyOf(paths);
    }

    /** Begins to count. */
    static SizeEstimate start(List<Path> paths) {
        SizeEstimate estimate = new SizeEstimate(paths);
        Thread thread = new Thread(estimate::count, "sago-estimate");
        thread.setDaemon(true);
        thread.start();
        return estimate;
    }

    /** Bytes of all files, or 0 until they are counted. */
    long total() {
        return total;
    }

    private void count() {
        try {
            for (Path path : paths) {
                Files.walkFileTree(path, this);
            }
            total = bytes;
        } catch (IOException leavesTheTotalUnknown) {
            total = 0;
        }
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
        bytes += attributes.isRegularFile() ? attributes.size() : 0;
        return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException failure) {
        return FileVisitResult.CONTINUE;
    }
}
