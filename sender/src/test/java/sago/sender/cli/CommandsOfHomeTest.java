package sago.sender.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import sago.common.cli.ManPages;

/** What can be said of every command of home without running it. */
class CommandsOfHomeTest {
    @TempDir
    private Path temp = Path.of("");

    private static List<CommandSpec> all(CommandLine line) {
        List<CommandSpec> all = new ArrayList<>();
        all.add(line.getCommandSpec());
        line.getSubcommands().values().forEach(child -> all.addAll(all(child)));
        return all;
    }

    @Test
    void everyCommandAndFlagIsDescribedAndHasAnExample() {
        for (CommandSpec command : all(SagoMain.model())) {
            String name = command.qualifiedName();
            assertThat(command.usageMessage().description()).as(name).isNotEmpty();
            assertThat(String.join("\n", command.usageMessage().footer()))
                    .as("footer of " + name)
                    .containsPattern("(?m)^Examples?: .*sago");
            for (OptionSpec option : command.options()) {
                assertThat(String.join("", option.description()))
                        .as(name + " " + option.longestName())
                        .isNotBlank();
            }
            assertThat(command.commandLine().getUsageMessage()).as(name).contains("--help", "--json");
        }
    }

    @Test
    void bashCompletesCommandsFlagsAndNoHiddenOnes() throws Exception {
        Path script = temp.resolve("sago.bash");
        Files.writeString(script, AutoComplete.bash("sago", SagoMain.model()));
        assertThat(complete(script, "sago", ""))
                .contains("backup", "snapshots", "key")
                .doesNotContain("manual");
        assertThat(complete(script, "sago", "snap")).containsExactly("snapshots");
        assertThat(complete(script, "sago", "key", "ro")).containsExactly("rotate");
        assertThat(complete(script, "sago", "backup", "--give")).containsExactly("--give-up-after");
        assertThat(complete(script, "sago", "completion", "f")).containsExactly("fish");
    }

    /** What bash offers for the last word. */
    private Set<String> complete(Path script, String... words) throws IOException, InterruptedException {
        assumeTrue(Files.isExecutable(Path.of("/bin/bash")), "no bash here");
        String quoted = List.of(words).stream().map(word -> "'" + word + "'").collect(Collectors.joining(" "));
        String body = "source '" + script + "'; COMP_WORDS=(" + quoted + "); COMP_CWORD=" + (words.length - 1)
                + "; function_name=$(complete -p sago | sed 's/.*-F \\([^ ]*\\).*/\\1/'); $function_name sago '"
                + words[words.length - 1] + "' ''; printf '%s\\n' \"${COMPREPLY[@]}\"";
        Process bash = new ProcessBuilder("/bin/bash", "--norc", "-c", body).start();
        String printed = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(bash.waitFor(10, TimeUnit.SECONDS)).isTrue();
        return printed.lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .collect(Collectors.toSet());
    }

    @Test
    void everyCommandHasAPageThatManReadsWithoutAWarning() throws Exception {
        CommandLine root = SagoMain.model();
        List<String> pages = ManPages.write(root, temp.resolve("man"));
        long visible = all(root).stream()
                .filter(command -> !command.usageMessage().hidden())
                .count();
        assertThat(pages).hasSize((int) visible).startsWith("sago.1").contains("sago-backup.1", "sago-key-rotate.1");
        assertThat(Files.readString(temp.resolve("man/sago-backup.1")))
                .contains(".SH \"NAME\"\nsago\\-backup \\- ")
                .contains(".SH \"EXAMPLES\"")
                .contains("SAGO_GIVE_UP_AFTER");
        assertThat(Files.readString(temp.resolve("man/sago.1"))).contains(".SH \"EXIT STATUS\"");
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/man")), "no man here");
        for (String page : pages) {
            Process man = new ProcessBuilder(
                            "man",
                            "--warnings",
                            "-E",
                            "UTF-8",
                            "-l",
                            temp.resolve("man/" + page).toString())
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String warnings = new String(man.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(man.waitFor()).as(page + " " + warnings).isZero();
            assertThat(warnings).as(page).isEmpty();
        }
    }
}
