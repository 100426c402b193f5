package sago.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** How the sources look, as docs and style ask. */
class TidinessTest {
    private static final int LINES_MAX = 500;
    private static final List<String> MODULES = List.of("common", "sender", "receiver", "bench");

    /** Words that a package must not be named. */
    private static final Set<String> NO_NOUNS =
            Set.of("util", "utils", "helper", "helpers", "manager", "impl", "internal", "misc");

    private static final Pattern LEFTOVER = Pattern.compile("\\b(TODO|FIXME|XXX)\\b|@author\\b");

    private static List<Path> sources(String kind) throws IOException {
        List<Path> found = new ArrayList<>();
        for (String module : MODULES) {
            Path folder = ProjectClasses.top().resolve(module).resolve("src").resolve(kind);
            if (Files.isDirectory(folder)) {
                try (Stream<Path> files = Files.walk(folder)) {
                    files.filter(file -> file.toString().endsWith(".java")).forEach(found::add);
                }
            }
        }
        return found;
    }

    private static List<String> where(String kind, Predicate<List<String>> wrong) throws IOException {
        List<String> found = new ArrayList<>();
        for (Path source : sources(kind)) {
            if (wrong.test(Files.readAllLines(source))) {
                found.add(ProjectClasses.top().relativize(source).toString());
            }
        }
        return found;
    }

    @Test
    void noFileIsLongerThan500Lines() throws IOException {
        assertThat(where("main", lines -> lines.size() > LINES_MAX)).isEmpty();
        assertThat(where("test", lines -> lines.size() > LINES_MAX)).isEmpty();
    }

    @Test
    void everyPackageSaysWhatItIs() throws IOException {
        Set<String> silent = new TreeSet<>();
        for (Path source : sources("main")) {
            Path info = source.resolveSibling("package-info.java");
            if (!Files.exists(info) || !Files.readString(info).contains("@NullMarked")) {
                silent.add(String.valueOf(info));
            }
        }
        assertThat(silent).isEmpty();
    }

    @Test
    void packagesAreNamedAfterThings() throws IOException {
        assertThat(sources("main"))
                .noneMatch(source -> NO_NOUNS.contains(
                        String.valueOf(source.resolveSibling("").getFileName())));
    }

    @Test
    void nothingIsLeftToDo() throws IOException {
        assertThat(where(
                        "main",
                        lines -> lines.stream()
                                .anyMatch(line -> LEFTOVER.matcher(line).find())))
                .isEmpty();
    }

    @Test
    void testsDoNotSleep() throws IOException {
        Pattern sleep = Pattern.compile("Thread\\.sleep\\(|TimeUnit\\.[A-Z]+\\.sleep\\(");
        assertThat(where(
                        "test",
                        lines -> lines.stream()
                                .anyMatch(line -> sleep.matcher(line).find() && !line.contains("Pattern"))))
                .isEmpty();
    }

    @Test
    void theTestRunIsNamedInTheReadme() throws IOException {
        String readme = Files.readString(ProjectClasses.top().resolve("README.md"));
        assertThat(readme)
                .contains("<!-- command:main --> `bin/sago demo`")
                .contains("<!-- command:test --> `mvn -B verify`");
    }
}
