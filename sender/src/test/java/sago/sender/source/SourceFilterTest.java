package sago.sender.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.sender.pattern.Excludes;
import sago.sender.source.posix.PathBytes;

class SourceFilterTest {
    private static final String SIGNATURE = "Signature: 8a477f597d28d172789f06886806bc55";

    @TempDir
    Path temporary;

    private Path folder;

    @BeforeEach
    void realPath() throws IOException {
        folder = temporary.toRealPath();
    }

    @Test
    void whatPatternsCoverIsNotListed() throws Exception {
        file("a/keep", "");
        file("a/x.o", "");
        file("a/cache/y", "");
        file("b.o/z", "");
        Excludes excludes = Excludes.of(List.of("*.o", folder + "/a/cache"), List.of());

        assertThat(walk(new SourceFilter(excludes, List.of(), false), folder)).containsExactly("", "a", "a/keep");
    }

    @Test
    void aTagKeepsOnlyTheFolderAndItself() throws Exception {
        file("cache/CACHEDIR.TAG", SIGNATURE + "\nmore");
        file("cache/x/y", "");
        file("wrong/CACHEDIR.TAG", "Signature: 0");
        file("wrong/x", "");
        file("short/CACHEDIR.TAG", "Sig");
        file("short/x", "");
        file("skip/.nobackup", "");
        file("skip/x", "");
        file("both/.nobackup", "");
        file("both/CACHEDIR.TAG", SIGNATURE);
        Files.createDirectories(folder.resolve("folder/CACHEDIR.TAG"));
        SourceFilter filter =
                new SourceFilter(Excludes.NONE, List.of(ExcludeTag.CACHES, ExcludeTag.parse(".nobackup")), false);

        assertThat(walk(filter, folder))
                .containsExactlyInAnyOrder(
                        "",
                        "both",
                        "cache",
                        "cache/CACHEDIR.TAG",
                        "folder",
                        "folder/CACHEDIR.TAG",
                        "short",
                        "short/CACHEDIR.TAG",
                        "short/x",
                        "skip",
                        "skip/.nobackup",
                        "wrong",
                        "wrong/CACHEDIR.TAG",
                        "wrong/x");
        assertThat(walk(filter, folder.resolve("cache"))).containsExactly("cache", "cache/CACHEDIR.TAG");
    }

    @Test
    void whatIsNamedInsideATaggedFolderIsKept() throws Exception {
        file("cache/CACHEDIR.TAG", SIGNATURE);
        file("cache/x/y", "");
        file("cache/z", "");
        SourceFilter filter = new SourceFilter(Excludes.NONE, List.of(ExcludeTag.CACHES), false);

        assertThat(walk(filter, folder, folder.resolve("cache/x"), folder.resolve("cache/CACHEDIR.TAG")))
                .containsExactly("", "cache", "cache/CACHEDIR.TAG", "cache/x", "cache/x/y");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ":x", "a/b", "..", "/"})
    void refusesTagsThatNameNoFile(String text) {
        assertThatThrownBy(() -> ExcludeTag.parse(text))
                .isInstanceOfSatisfying(
                        FaultException.class, e -> assertThat(e.fault()).isEqualTo(Fault.USAGE));
    }

    @Test
    void staysOnTheFileSystemButKeepsTheFolderOfAMount() throws Exception {
        file("a/x", "");
        Path mount = Files.createDirectories(folder.resolve("a/mount"));
        Assumptions.assumeTrue(
                run("mount", "-t", "tmpfs", "none", mount.toString()) == 0, "mounting a file system needs root");
        try {
            file("a/mount/in/y", "");
            SourceFilter filter = new SourceFilter(Excludes.NONE, List.of(), true);

            assertThat(walk(filter, folder)).containsExactly("", "a", "a/mount", "a/x");
            assertThat(walk(SourceFilter.NONE, folder)).contains("a/mount/in/y");
            assertThat(walk(filter, mount)).contains("a/mount/in/y");
            assertThat(walk(filter, folder, mount.resolve("in")))
                    .containsExactly("", "a", "a/mount", "a/mount/in", "a/mount/in/y", "a/x");
        } finally {
            run("umount", mount.toString());
        }
    }

    @Test
    void aListOfFilesNamesPathsAndPatterns() throws Exception {
        file("one.txt", "");
        file("two.txt", "");
        file("d1/x y", "");
        file("d2/x y", "");
        List<String> unmatched = new ArrayList<>();
        byte[] raw = {'n', (byte) 0xff};
        Files.createFile(PathBytes.resolve(folder, raw));
        byte[] head = ("# list\n\n*.txt\n  d?/x*  \n" + folder + "/d1\nnone*\nn").getBytes(StandardCharsets.UTF_8);
        byte[] list = Arrays.copyOf(head, head.length + 1);
        list[head.length] = (byte) 0xff;

        List<Path> paths = new FileList(folder, unmatched::add).read(new ByteArrayInputStream(list));

        assertThat(paths)
                .containsExactly(
                        folder.resolve("one.txt"),
                        folder.resolve("two.txt"),
                        folder.resolve("d1/x y"),
                        folder.resolve("d2/x y"),
                        folder.resolve("d1"),
                        PathBytes.resolve(folder, raw));
        assertThat(unmatched).containsExactly("none*");
    }

    private static int run(String... command) throws Exception {
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }

    private void file(String path, String text) throws IOException {
        Path file = folder.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    /** What the walk finds in the folder of this test, relative to it. */
    private List<String> walk(SourceFilter filter, Path... roots) throws Exception {
        SourceWalker walker = new SourceWalker(SourceRoots.of(List.of(roots)), filter, Set.of(), (path, reason) -> {
            throw new AssertionError(path + ": " + reason);
        });
        List<String> found = new ArrayList<>();
        for (SourceEntry entry = walker.next(); entry != null; entry = walker.next()) {
            if (entry.path().startsWith(folder)
                    && roots[0].getNameCount() <= entry.path().getNameCount()) {
                found.add(folder.relativize(entry.path()).toString());
            }
        }
        return found;
    }
}
