package sago.sender.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TreeComparisonTest {
    private static final long FUTURE_MS = Long.MAX_VALUE / 1_000_000;

    @TempDir
    private Path folder;

    private Path source;
    private Path copy;

    @BeforeEach
    void copyATree() throws IOException {
        source = Files.createDirectories(folder.toRealPath().resolve("source"));
        fill(source);
        copy = restored(source);
        Files.createDirectories(copy);
        fill(copy);
    }

    private Path target() {
        return folder.resolve("target");
    }

    private Path restored(Path path) {
        return target().resolve(path.getRoot().relativize(path));
    }

    private static void fill(Path at) throws IOException {
        Files.createDirectories(at.resolve("inner"));
        Files.writeString(at.resolve("inner/file"), "hello");
        Files.createSymbolicLink(at.resolve("link"), Path.of("inner/file"));
        still(at);
    }

    /** Links get their times from the clock, so both trees are given one time in every entry that takes one. */
    private static void still(Path at) throws IOException {
        FileTime time = FileTime.fromMillis(1_000_000);
        Files.setLastModifiedTime(at.resolve("inner/file"), time);
        Files.setLastModifiedTime(at.resolve("inner"), time);
        Files.getFileAttributeView(
                        at.resolve("link"),
                        java.nio.file.attribute.BasicFileAttributeView.class,
                        java.nio.file.LinkOption.NOFOLLOW_LINKS)
                .setTimes(time, null, null);
        Files.setLastModifiedTime(at, time);
    }

    private TreeComparison.Outcome compare(long sinceMs) throws IOException {
        TreeComparison comparison = new TreeComparison(target(), sinceMs, true);
        comparison.compare(source);
        return comparison.outcome();
    }

    @Test
    void findsEqualTreesIdentical() throws IOException {
        TreeComparison.Outcome outcome = compare(FUTURE_MS);
        assertThat(outcome.differences()).isEmpty();
        assertThat(outcome.identical()).isTrue();
        assertThat(outcome.entries()).isEqualTo(4);
        assertThat(outcome.files()).isEqualTo(1);
        assertThat(outcome.bytes()).isEqualTo(5);
    }

    @Test
    void seesOneWrongByteOfEqualLengthAndTime() throws IOException {
        Files.writeString(copy.resolve("inner/file"), "hellO");
        still(copy);
        assertThat(compare(FUTURE_MS).differences()).containsExactly(source.resolve("inner/file") + ": bytes");
    }

    @Test
    void seesMissingExtraModeTimeAndLink() throws IOException {
        Files.delete(copy.resolve("inner/file"));
        Files.writeString(copy.resolve("inner/extra"), "");
        Files.delete(copy.resolve("link"));
        Files.createSymbolicLink(copy.resolve("link"), Path.of("elsewhere"));
        still2(copy);
        Files.setPosixFilePermissions(copy.resolve("inner"), PosixFilePermissions.fromString("rwx------"));
        Files.setLastModifiedTime(copy, FileTime.fromMillis(999_999));
        assertThat(compare(FUTURE_MS).differences())
                .contains(
                        source.resolve("inner/file") + ": missing",
                        source.resolve("inner/extra") + ": not in the source",
                        source.resolve("link") + ": link target",
                        source.resolve("inner") + ": mode")
                .anyMatch(line -> line.startsWith(source + ": time"));
    }

    private static void still2(Path at) throws IOException {
        Files.writeString(at.resolve("inner/file"), "");
        still(at);
        Files.delete(at.resolve("inner/file"));
        Files.setLastModifiedTime(at.resolve("inner"), FileTime.fromMillis(1_000_000));
    }

    @Test
    void doesNotJudgeWhatChangedMeanwhile() throws IOException {
        Files.writeString(copy.resolve("inner/file"), "other");
        TreeComparison.Outcome outcome = compare(0);
        assertThat(outcome.identical()).isTrue();
        assertThat(outcome.changed()).isEqualTo(4);
        assertThat(outcome.entries()).isZero();
    }
}
