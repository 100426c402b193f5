package sago.bench.macro;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/** Sizes, reading and removal of whole folders of a benchmark. */
final class Folders {
    private static final int BLOCK_BYTES = 1 << 20;

    private Folders() {}

    /** What a folder holds: regular files, everything below it, the sum of the files' lengths. */
    record Contents(long files, long entries, long bytes) {}

    static Contents contents(Path folder) throws IOException {
        long[] sums = new long[3];
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path dir, BasicFileAttributes attributes) {
                sums[1] += dir.equals(folder) ? 0 : 1;
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                sums[1]++;
                if (attributes.isRegularFile()) {
                    sums[0]++;
                    sums[2] += attributes.size();
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException fault) throws IOException {
                return skipVanished(fault);
            }
        });
        return new Contents(sums[0], sums[1], sums[2]);
    }

    /** Reads every file to its end, so that all of it is in the page cache as far as it fits. */
    static void read(Path folder) throws IOException {
        byte[] block = new byte[BLOCK_BYTES];
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                if (attributes.isRegularFile() && Files.isReadable(file)) {
                    try (InputStream in = Files.newInputStream(file)) {
                        while (in.read(block) >= 0) {
                            // Only the reading counts.
                        }
                    }
                }
                return FileVisitResult.CONTINUE;
            }
        });
    }

    static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException fault) throws IOException {
                return skipVanished(fault);
            }

            @Override
            public FileVisitResult postVisitDirectory(Path dir, @Nullable IOException fault) throws IOException {
                if (fault != null) {
                    throw fault;
                }
                Files.deleteIfExists(dir);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    private static FileVisitResult skipVanished(IOException fault) throws IOException {
        if (fault instanceof NoSuchFileException) {
            return FileVisitResult.CONTINUE;
        }
        throw fault;
    }
}
