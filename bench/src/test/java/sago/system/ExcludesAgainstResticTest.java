package sago.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sago.sender.pattern.Excludes;
import sago.sender.source.ExcludeTag;
import sago.sender.source.SourceEntry;
import sago.sender.source.SourceFilter;
import sago.sender.source.SourceRoots;
import sago.sender.source.SourceWalker;

/** The same folder, the same flags: what the walk leaves out is what a restic that is installed leaves out. Skipped where there is none. */
class ExcludesAgainstResticTest {
    private static final int ROUNDS = 12;
    private static final List<String> NAMES = List.of("a", "b", "c", "ab", "a.o", "b.o", "A", "keep", "[x]");
    private static final List<String> PIECES =
            List.of("a", "b", "c", "ab", "*", "*.o", "?", "**", "keep", "[ab]", "[^ab]", "\\[x]", "a*", ".", "..", "");

    @TempDir
    Path temporary;

    private Path folder;
    private Path repository;

    @BeforeEach
    void makeRepository() throws Exception {
        folder = temporary.toRealPath().resolve("folder");
        repository = temporary.resolve("repository");
        boolean isInstalled;
        try {
            isInstalled = new ProcessBuilder("restic", "version")
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            isInstalled = false;
        }
        Assumptions.assumeTrue(isInstalled, "restic is not installed");
        restic(List.of("init", "-q"));
    }

    @Test
    void leavesOutWhatResticLeavesOut() throws Exception {
        long seed = new Random().nextLong();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        fill(folder, random, 0);
        for (int round = 0; round < ROUNDS; round++) {
            List<String> patterns = new ArrayList<>(List.of("nothing"));
            List<String> ignoringCase = new ArrayList<>();
            for (int i = random.nextInt(4); i >= 0; i--) {
                (random.nextInt(4) == 0 ? ignoringCase : patterns).add(pattern(random));
            }
            List<String> flags = new ArrayList<>(List.of("--exclude-caches", "--exclude-if-present", "b.o:x"));
            patterns.forEach(pattern -> flags.addAll(List.of("--exclude", pattern)));
            ignoringCase.forEach(pattern -> flags.addAll(List.of("--iexclude", pattern)));

            SourceFilter filter = new SourceFilter(
                    Excludes.of(patterns, ignoringCase), List.of(ExcludeTag.CACHES, ExcludeTag.parse("b.o:x")), false);
            assertThat(walked(filter)).as(String.valueOf(flags)).isEqualTo(kept(flags));
        }
    }

    private String pattern(Random random) {
        StringBuilder pattern = new StringBuilder(random.nextInt(4) == 0 ? "!" : "");
        if (random.nextInt(4) == 0) {
            pattern.append(folder).append('/');
        }
        for (int i = random.nextInt(3); i >= 0; i--) {
            pattern.append(PIECES.get(random.nextInt(PIECES.size()))).append(i > 0 ? "/" : "");
        }
        String text = pattern.toString();
        return text.isEmpty() || text.equals("!") ? "a" : text;
    }

    private static void fill(Path folder, Random random, int depth) throws IOException {
        Files.createDirectories(folder);
        for (String name : NAMES) {
            int kind = random.nextInt(3);
            if (kind == 0 && depth < 3) {
                fill(folder.resolve(name), random, depth + 1);
            } else if (kind == 1) {
                Files.writeString(folder.resolve(name), random.nextBoolean() ? "x" : "y");
            }
        }
        if (random.nextInt(8) == 0) {
            Files.writeString(folder.resolve("CACHEDIR.TAG"), "Signature: 8a477f597d28d172789f06886806bc55\n");
        }
    }

    /** The folder's contents as the walk gives them. */
    private Set<String> walked(SourceFilter filter) throws Exception {
        SourceWalker walker = new SourceWalker(SourceRoots.of(List.of(folder)), filter, Set.of(), (path, reason) -> {
            throw new AssertionError(path + ": " + reason);
        });
        Set<String> found = new TreeSet<>();
        for (SourceEntry entry = walker.next(); entry != null; entry = walker.next()) {
            if (entry.path().startsWith(folder) && !entry.path().equals(folder)) {
                found.add(entry.path().toString());
            }
        }
        return found;
    }

    /** The same as restic keeps it. */
    private Set<String> kept(List<String> flags) throws Exception {
        List<String> backup = new ArrayList<>(List.of("backup", "-q", "--force"));
        backup.addAll(flags);
        backup.add(folder.toString());
        if (!restic(backup).endsWith("\nexit 0")) {
            // It refuses snapshots of nothing.
            return Set.of();
        }
        Set<String> kept = new TreeSet<>();
        for (String line : restic(List.of("ls", "-q", "latest")).split("\n", -1)) {
            if (line.startsWith(folder + "/")) {
                kept.add(line);
            }
        }
        return kept;
    }

    private String restic(List<String> arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("restic", "--no-cache", "-r", repository.toString()));
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().put("RESTIC_PASSWORD", "only a test");
        Process process = builder.start();
        try (InputStream out = process.getInputStream()) {
            String said = new String(out.readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            return said + "\nexit " + process.exitValue();
        }
    }
}
