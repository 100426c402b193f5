package sago.common.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import sago.common.time.Clock;

class ConfigCommandsTest {
    @Command(
            name = "sago",
            subcommands = {Backup.class, Group.class})
    private static final class Root {
        private final List<String> seen = new ArrayList<>();
    }

    @Command(name = "backup", footer = "Example: sago backup")
    private static final class Backup implements Callable<Integer> {
        @picocli.CommandLine.ParentCommand
        private @Nullable Root root;

        @Option(names = "--home")
        private String home = "default";

        @Option(names = "--dataset")
        private @Nullable String dataset;

        @Option(names = "--exclude")
        private List<String> excludes = List.of();

        @Option(names = "--count")
        private int count = 5;

        @Option(names = "--dry-run")
        private boolean dryRun;

        @Parameters(arity = "1..*", paramLabel = "PATH")
        private List<Path> paths = List.of();

        @Override
        public Integer call() {
            if (root != null) {
                root.seen.add(dataset + " " + home + " " + excludes + " " + count + " " + dryRun + " " + paths);
            }
            return 0;
        }
    }

    @Command(name = "key", subcommands = Rotate.class)
    private static final class Group extends CommandGroup {}

    @Command(name = "rotate")
    private static final class Rotate implements Callable<Integer> {
        @Option(names = "--home")
        private String home = "";

        @Override
        public Integer call() {
            return home.equals("/rotate") ? 0 : 1;
        }
    }

    @TempDir
    private Path temp = Path.of("");

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final Root root = new Root();

    private int run(Map<String, String> environment, String... arguments) throws IOException {
        Output output = new Output(
                "sago",
                new PrintStream(out, true, UTF_8),
                new PrintStream(err, true, UTF_8),
                Clock.system(),
                new SecureRandom());
        List<String> all = new ArrayList<>(Arrays.asList(arguments));
        all.add("--config");
        all.add(temp.resolve("sago.yaml").toString());
        return Commands.run(output, root, environment, all.toArray(String[]::new));
    }

    private void configure(String text) throws IOException {
        Files.writeString(temp.resolve("sago.yaml"), "version: 1\n" + text);
    }

    private static final String RIGHT = """
            home: /top
            backup:
              exclude: ["*.tmp", "a b", "${HOME}"]
              count: 7
            key:
              rotate: {home: /rotate}
            datasets:
              users:
                paths: [/data/users, /etc]
                exclude: cache
            receiver:
              nonsense: 1
            """;

    @Test
    void theFileStandsForFlagsAndTheSectionOfTheCommandIsNearer() throws IOException {
        configure(RIGHT);
        assertThat(run(Map.of(), "backup", "/p")).isZero();
        assertThat(root.seen).containsExactly("null /top [*.tmp, a b, ${HOME}] 7 false [/p]");
        assertThat(run(Map.of(), "key", "rotate")).isZero();
    }

    @Test
    void theDatasetsSectionIsTheNearest() throws IOException {
        configure(RIGHT);
        assertThat(run(Map.of(), "backup", "--dataset", "users")).isZero();
        assertThat(run(Map.of(), "backup", "--dataset=users", "/other")).isZero();
        assertThat(run(Map.of("SAGO_DATASET", "users"), "backup")).isZero();
        assertThat(root.seen)
                .containsExactly(
                        "users /top [cache] 7 false [/data/users, /etc]",
                        "users /top [cache] 7 false [/other]",
                        "users /top [cache] 7 false [/data/users, /etc]");
    }

    @Test
    void aFlagWinsOverAVariableAndAVariableOverTheFile() throws IOException {
        configure(RIGHT);
        Map<String, String> environment = Map.of("SAGO_HOME", "/env", "SAGO_EXCLUDE", "x\ny z\n", "SAGO_DRY_RUN", "1");
        run(environment, "backup", "p");
        run(environment, "backup", "p", "--home", "/flag", "--exclude", "q");
        assertThat(root.seen).containsExactly("null /env [x, y z] 7 true [p]", "null /flag [q] 7 true [p]");
    }

    @Test
    void aMistakeStopsEveryCommandBeforeItBegins() throws IOException {
        configure("backup:\n  exlude: x\n");
        assertThat(run(Map.of(), "backup", "p")).isEqualTo(2);
        assertThat(root.seen).isEmpty();
        assertThat(err.toString(UTF_8))
                .contains("sago.yaml:3:3: no command has a flag --exlude in 'backup'; did you mean 'exclude'?");
        assertThat(run(Map.of(), "backup", "--help")).isZero();
    }

    @Test
    void checkTellsEveryMistakeWithItsPlace() throws IOException {
        configure("""
                hom: /x
                backup: {count: many, dry-run: yes, home: [a, b]}
                frob: {x: 1}
                datasets: {Big Name: {paths: x}, d: {pathz: y, s: {z: 1}}, e: 1}
                config: {home: x}
                """);
        assertThat(run(Map.of(), "config", "check")).isEqualTo(2);
        assertThat(err.toString(UTF_8).lines())
                .anyMatch(line -> line.contains(":2:1: no command has a flag --hom; did you mean 'home'?"))
                .anyMatch(line -> line.contains(":3:17: 'count' is a whole number, not 'many'"))
                .anyMatch(line -> line.contains(":3:32: 'dry-run' is true or false, not 'yes'"))
                .anyMatch(line -> line.contains(":3:43: 'home' takes one value, not a list"))
                .anyMatch(line -> line.contains(":4:1: no command is named 'frob'"))
                .anyMatch(line -> line.contains("Big Name"))
                .anyMatch(line -> line.contains("--pathz; did you mean 'paths'?"))
                .anyMatch(line -> line.contains("a dataset has no sections: 's'"))
                .anyMatch(line -> line.contains("dataset 'e' takes keys of its own"))
                .anyMatch(line -> line.contains(":6:1: no command is named 'config'"))
                .last()
                .isEqualTo("sago: 10 mistakes in the configuration");
    }

    @Test
    void showSaysWhereEachValueComesFrom() throws IOException {
        configure(RIGHT);
        assertThat(run(Map.of("SAGO_COUNT", "9"), "config", "show", "backup", "--dataset", "users"))
                .isZero();
        assertThat(out.toString(UTF_8).lines().map(line -> line.replaceAll(" +", " ")))
                .anyMatch(line -> line.matches("backup home /top .*sago.yaml:2:7"))
                .anyMatch(line -> line.equals("backup count 9 SAGO_COUNT"))
                .anyMatch(line -> line.matches("backup exclude cache .*sago.yaml:11:14"))
                .anyMatch(line -> line.matches("backup paths /data/users, /etc .*sago.yaml:10:12"))
                .anyMatch(line -> line.equals("backup dry-run - default"));
        assertThat(run(Map.of(), "config", "show", "frob")).isEqualTo(2);
    }

    @Test
    void checkAndShowSpeakJsonToo() throws IOException {
        configure(RIGHT);
        assertThat(run(Map.of(), "config", "show", "--json")).isZero();
        List<String> lines = out.toString(UTF_8).lines().toList();
        for (String line : lines) {
            assertThat(JSON.std.mapFrom(line)).containsEntry("v", 1);
        }
        assertThat(JSON.std.mapFrom(lines.get(lines.size() - 1)))
                .containsEntry("message_type", "summary")
                .containsEntry("settings", lines.size() - 1);
    }

    @Test
    void theSchemaNamesEveryKey() throws IOException {
        configure("");
        assertThat(run(Map.of(), "config", "schema")).isZero();
        Map<String, Object> schema = JSON.std.mapFrom(out.toString(UTF_8));
        assertThat(schema).containsEntry("additionalProperties", false);
        assertThat(schema.get("properties"))
                .asInstanceOf(InstanceOfAssertFactories.map(String.class, Object.class))
                .containsKeys("version", "home", "exclude", "backup", "key", "datasets", "receiver", "json")
                .doesNotContainKeys("config", "help", "completion")
                .hasEntrySatisfying(
                        "datasets", datasets -> assertThat(datasets.toString()).contains("paths"));
    }

    @Test
    void aValueThatDoesNotFitIsToldWithItsPlaceOrVariable() throws IOException {
        configure("");
        assertThat(run(Map.of("SAGO_COUNT", "many"), "backup", "p")).isEqualTo(2);
        assertThat(err.toString(UTF_8)).startsWith("sago: SAGO_COUNT: Invalid value for option '--count'");
    }

    @Test
    void fishIsToldCommandsAndFlags() throws IOException {
        configure("");
        assertThat(run(Map.of(), "completion", "fish")).isZero();
        assertThat(out.toString(UTF_8))
                .contains("complete -c sago -f -n '__sago_at_end ' -a backup")
                .contains("complete -c sago -f -n '__sago_at_end key' -a rotate")
                .contains("complete -c sago -n '__sago_at backup' -l exclude -r")
                .contains("complete -c sago -n '__sago_at backup' -l dry-run -d")
                .doesNotContain("manual");
        assertThat(run(Map.of(), "completion", "csh")).isEqualTo(2);
    }
}
