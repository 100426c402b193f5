package sago.bench.macro;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.concurrent.TimeUnit;

/**
 * Whether a restored folder is the one that was backed up: names, bytes and what links say have to be; permissions, times (to the second) and empty
 * folders are looked at too, because not every program keeps them. Confined to one thread.
 */
final class TreeComparison extends SimpleFileVisitor<Path> {
    private final Path original;
    private final Path copy;
    private boolean keepsAttributes = true;

    private TreeComparison(Path original, Path copy) {
        this.original = original;
        this.copy = copy;
    }

    /**
     * Compares.
     *
     * @return whether permissions, times and empty folders are the same too
     * @throws IOException that names the first file which is missing or other, or one that should not be there
     */
    static boolean keepsAttributes(Path original, Path copy) throws IOException {
        if (!Files.isDirectory(copy)) {
            throw new IOException("nothing was restored to " + copy);
        }
        TreeComparison comparison = new TreeComparison(original, copy);
        Files.walkFileTree(original, comparison);
        Files.walkFileTree(copy, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                if (!Files.exists(original.resolve(copy.relativize(file)), LinkOption.NOFOLLOW_LINKS)) {
                    throw new IOException("restored though it was never there: " + file);
                }
                return FileVisitResult.CONTINUE;
            }
        });
        return comparison.keepsAttributes;
    }

    @Override
    public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) throws IOException {
        Path other = copy.resolve(original.relativize(folder));
        // The top may have been made by who restores.
        keepsAttributes &= folder.equals(original) || (Files.isDirectory(other) && sameMode(folder, other));
        return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
        Path other = copy.resolve(original.relativize(file));
        if (!Files.exists(other, LinkOption.NOFOLLOW_LINKS)) {
            throw new IOException("not restored: " + file);
        }
        if (attributes.isSymbolicLink()) {
            if (!Files.isSymbolicLink(other) || !Files.readSymbolicLink(file).equals(Files.readSymbolicLink(other))) {
                throw new IOException("restored as another link: " + file);
            }
        } else if (attributes.isRegularFile()) {
            if (!Files.isRegularFile(other, LinkOption.NOFOLLOW_LINKS) || Files.mismatch(file, other) >= 0) {
                throw new IOException("restored with other bytes: " + file);
            }
            keepsAttributes &= sameMode(file, other)
                    && attributes.lastModifiedTime().to(TimeUnit.SECONDS)
                            == Files.getLastModifiedTime(other).to(TimeUnit.SECONDS);
        }
        return FileVisitResult.CONTINUE;
    }

    private static boolean sameMode(Path one, Path other) throws IOException {
        return Files.readAttributes(one, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                .permissions()
                .equals(Files.readAttributes(other, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                        .permissions());
    }
}
