package sago.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import sago.common.cli.ExitCodes;

/** {@code plan} and {@code report} as a user types them. */
class BenchCommandsTest {
    @TempDir
    private Path scratch;

    private final StringWriter errors = new StringWriter();

    private int run(String... arguments) {
        CommandLine commands = BenchMain.commands();
        commands.setErr(new PrintWriter(errors, true));
        return commands.execute(arguments);
    }

    private String resource(String name) throws IOException {
        Path file = scratch.resolve(name);
        try (InputStream in = Objects.requireNonNull(getClass().getResourceAsStream("/sago/bench/" + name), name)) {
            Files.write(file, in.readAllBytes());
        }
        return file.toString();
    }

    @Test
    void aPlanIsMadeAndDrawn() throws IOException {
        String plan = scratch.resolve("plan.json").toString();
        String page = scratch.resolve("new").resolve("page.html").toString();
        String ladder = resource("ladder.json");
        assertThat(run("plan", "--ladder", ladder, "--link", resource("link.json"), "--protect", "2", "--out", plan))
                .as(errors.toString())
                .isZero();
        assertThat(run("report", plan, ladder, resource("link.json"), "--out", page))
                .as(errors.toString())
                .isZero();
        assertThat(Files.readString(Path.of(page)))
                .contains("first full backup")
                .contains("RTO: restore everything");
    }

    @Test
    void everyCommandExplainsItself() {
        assertThat(run("--help")).isZero();
        for (String name : BenchMain.commands().getSubcommands().keySet()) {
            assertThat(run(name, "--help")).as(name + ": " + errors).isZero();
        }
    }

    @Test
    void nonsenseIsOneLineAndExitTwo() throws IOException {
        String ladder = resource("ladder.json");
        assertThat(run("plan", "--ladder", ladder, "--rtt", "10", "--mbit", "0", "--protect", "1"))
                .isEqualTo(ExitCodes.USAGE);
        assertThat(errors.toString()).contains("--mbit must be more than 0").doesNotContain("\tat ");
        assertThat(run("plan", "--ladder", ladder, "--rtt", "10", "--mbit", "10", "--protect", "-1"))
                .isEqualTo(ExitCodes.USAGE);
        assertThat(run("plan", "--ladder", ladder, "--rtt", "10", "--mbit", "10", "--protect", "1", "--window", "0"))
                .isEqualTo(ExitCodes.USAGE);
        assertThat(run("plan", "--ladder", ladder, "--protect", "1")).isEqualTo(ExitCodes.USAGE);
        assertThat(errors.toString()).contains("say what the link is");
    }

    @Test
    void unknownKindsAndFormatsAreRefusedByNameAndExitOne() throws IOException {
        Path weather = Files.writeString(
                scratch.resolve("weather.json"),
                Files.readString(Path.of(resource("link.json")))
                        .replace("\"kind\" : \"link\"", "\"kind\" : \"weather\""));
        assertThat(run("report", weather.toString())).isEqualTo(ExitCodes.FATAL);
        assertThat(errors.toString()).contains("weather.json is of a kind that cannot be drawn: weather");
        Path newer = Files.writeString(
                scratch.resolve("newer.json"),
                Files.readString(Path.of(resource("link.json"))).replace("sago-bench/1", "sago-bench/9"));
        assertThat(run("report", newer.toString())).isEqualTo(ExitCodes.FATAL);
        assertThat(errors.toString()).contains("its format is sago-bench/9");
        Path text = Files.writeString(scratch.resolve("text.json"), "hello");
        assertThat(run("report", text.toString())).isEqualTo(ExitCodes.FATAL);
        assertThat(errors.toString())
                .contains("text.json is no result of a benchmark")
                .doesNotContain("\tat ");
        assertThat(run("report", scratch.resolve("absent.json").toString())).isEqualTo(ExitCodes.FATAL);
    }
}
