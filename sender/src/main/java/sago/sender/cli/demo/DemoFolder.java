package sago.sender.cli.demo;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The temporary folder of a demonstration, and the small folder of planted words in it. The only class of the demonstration that writes
 * files; nothing in here outlives it. Confined to one thread.
 */
final class DemoFolder implements AutoCloseable {
    static final int WORDS = 500;
    private static final int NAMED_FILES = 20;
    private static final int WORD_CHARS = 24;

    private final Path root;
    private final boolean keep;
    private final List<String> words;

    private DemoFolder(Path root, boolean keep, List<String> words) {
        this.root = root;
        this.keep = keep;
        this.words = words;
    }

    /** A fresh folder with planted words: some are file names, the rest stand in the files, among ordinary text. */
    static DemoFolder create(boolean keep, long seed) throws IOException {
        Path root = Files.createTempDirectory("sago-demo-");
        SplittableRandom random = new SplittableRandom(seed);
        List<String> words = new ArrayList<>();
        for (int i = 0; i < WORDS; i++) {
            words.add(word(random));
        }
        DemoFolder folder = new DemoFolder(root, keep, List.copyOf(words));
        Files.createDirectory(folder.planted());
        int perFile = (WORDS - NAMED_FILES) / NAMED_FILES;
        for (int file = 0; file < NAMED_FILES; file++) {
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < perFile; i++) {
                text.append("line ").append(i).append(" of a private note: ");
                text.append(words.get(NAMED_FILES + file * perFile + i)).append('\n');
            }
            Files.writeString(folder.planted().resolve(words.get(file)), text);
        }
        return folder;
    }

    private static String word(SplittableRandom random) {
        StringBuilder word = new StringBuilder();
        for (int i = 0; i < WORD_CHARS; i++) {
            word.append((char) ('a' + random.nextInt(26)));
        }
        return word.toString();
    }

    /** Puts the passphrase where only the owner reads it. */
    void writePassphrase(String passphrase) throws IOException {
        Files.createFile(
                passphraseFile(), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.write(passphraseFile(), passphrase.getBytes(StandardCharsets.UTF_8));
    }

    List<String> words() {
        return words;
    }

    Path root() {
        return root;
    }

    Path planted() {
        return root.resolve("planted");
    }

    Path home() {
        return root.resolve("home");
    }

    Path site() {
        return root.resolve("site");
    }

    Path restored() {
        return root.resolve("restored");
    }

    Path request() {
        return root.resolve("request.txt");
    }

    Path grant() {
        return root.resolve("grant.txt");
    }

    Path kit() {
        return root.resolve("kit.txt");
    }

    Path passphraseFile() {
        return root.resolve("passphrase");
    }

    /** Bytes of all files below a folder. */
    static long bytesBelow(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .mapToLong(DemoFolder::size)
                    .sum();
        }
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException vanished) {
            return 0;
        }
    }

    /** Removes everything, unless it is to be kept. Restored folders may forbid their owner to write; that is lifted first. */
    @Override
    public void close() throws IOException {
        if (keep || !Files.exists(root)) {
            return;
        }
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) throws IOException {
                Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException failure) throws IOException {
                Files.deleteIfExists(folder);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
